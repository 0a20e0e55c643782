import Synchronization
import TestSupport
import Testing

@testable import RatchetBackends

/// A transport that takes no proxy from the developer's environment.
func loopbackTransport() throws -> CurlTransport {
    var configuration = CurlTransport.Configuration()
    configuration.usesEnvironmentProxies = false
    return try CurlTransport(configuration: configuration)
}

@Suite("The curl transport", .timeLimit(.minutes(1)))
struct CurlTransportTests {
    let transport: CurlTransport

    init() throws {
        transport = try loopbackTransport()
    }

    @Test("sends method, target, headers and body as given, and returns status, headers and body")
    func plain() async throws {
        let server = try LoopbackServer { request in
            .text("got \(request.text)", status: 201, headers: ["X-One": "1", "x-two": "a", "X-Two": "b"])
        }
        defer { server.stop() }
        var headers: HTTPHeaders = ["Content-Type": "application/json", "X-Empty": ""]
        headers.append("Authorization", "Bearer k")
        let response = try await transport.send(
            HTTPRequest(method: "POST", url: server.url + "/v1/chat?x=1", headers: headers, body: Array("{}".utf8)))
        #expect(response.status == 201)
        #expect(String(decoding: response.body, as: UTF8.self) == "got {}")
        #expect(response.headers["x-ONE"] == "1")
        #expect(response.headers.values("X-TWO") == ["a", "b"])
        #expect(response.headers.fields.map(\.name) == ["X-One", "x-two", "X-Two", "Content-Length"])
        #expect(response.timing.firstByte <= response.timing.finished)
        let request = try #require(server.requests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/v1/chat?x=1")
        #expect(request.header("content-type") == "application/json")
        #expect(request.header("authorization") == "Bearer k")
        #expect(request.header("x-empty") == "")
        #expect(request.header("expect") == nil)
    }

    @Test("sends every method", arguments: ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"])
    func method(_ method: String) async throws {
        let server = try LoopbackServer { request in
            request.method == "HEAD"
                ? .init(steps: [.send(LoopbackServer.Reply.head(status: 200, headers: [("Content-Length", "5")]))])
                : .text("hello")
        }
        defer { server.stop() }
        let response = try await transport.send(HTTPRequest(method: method, url: server.url))
        #expect(response.body.count == (method == "HEAD" ? 0 : 5))
        #expect(server.requests.map(\.method) == [method])
        #expect(server.requests.first?.header("content-type") == nil)
        #expect(server.requests.first?.header("user-agent") == nil)
    }

    @Test("sends large bodies and receives large bodies unharmed")
    func largeBodies() async throws {
        let server = try LoopbackServer { .response(body: $0.body + [0]) }
        defer { server.stop() }
        var body = Array(UInt8.min...UInt8.max)
        while body.count < 2_000_000 { body += body }
        let response = try await transport.send(HTTPRequest(method: "POST", url: server.url, body: body))
        #expect(response.body == body + [0])
    }

    @Test("answers 200 requests at once, each with its own response")
    func concurrent() async throws {
        let server = try LoopbackServer { .text($0.text) }
        defer { server.stop() }
        let (transport, url) = (transport, server.url)
        let answers = try await withThrowingTaskGroup(of: (Int, String).self) { group in
            for number in 0..<200 {
                group.addTask {
                    let response = try await transport.send(
                        HTTPRequest(method: "POST", url: url, body: Array("\(number)".utf8)))
                    return (number, String(decoding: response.body, as: UTF8.self))
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(answers == Dictionary(uniqueKeysWithValues: (0..<200).map { ($0, "\($0)") }))
        #expect(server.requests.count == 200)
    }

    @Test("uses one connection for requests one after another")
    func keepAlive() async throws {
        let server = try LoopbackServer { _ in .text("ok") }
        defer { server.stop() }
        for _ in 0..<20 { _ = try await transport.send(HTTPRequest(url: server.url)) }
        #expect(server.connectionCount == 1)
    }

    @Test("hands out pieces of the body while the response is still coming")
    func streaming() async throws {
        let firstArrived = Gate()
        let server = try LoopbackServer { _ in .chunked(["one ", .wait(firstArrived), "two"]) }
        defer { server.stop() }
        let pieces = Mutex<[String]>([])
        let response = try await transport.send(HTTPRequest(url: server.url)) { piece in
            pieces.withLock { $0.append(String(decoding: piece, as: UTF8.self)) }
            firstArrived.open()
        }
        #expect(pieces.withLock { $0 } == ["one ", "two"])
        #expect(response.body == Array("one two".utf8))
    }

    @Test("returns redirects as they are")
    func redirect() async throws {
        let server = try LoopbackServer { _ in .text("", status: 302, headers: ["Location": "/elsewhere"]) }
        defer { server.stop() }
        let response = try await transport.send(HTTPRequest(url: server.url))
        #expect(response.status == 302)
        #expect(response.headers["location"] == "/elsewhere")
        #expect(server.requests.count == 1)
    }

    @Test("keeps no cookies")
    func cookies() async throws {
        let server = try LoopbackServer { _ in .text("", headers: ["Set-Cookie": "a=b"]) }
        defer { server.stop() }
        for _ in 0..<2 { _ = try await transport.send(HTTPRequest(url: server.url)) }
        #expect(server.requests.map { $0.header("cookie") } == [nil, nil])
    }

    @Test("decodes gzip bodies")
    func gzip() async throws {
        let bytes: [UInt8] = [
            31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 203, 72, 205, 201, 201, 215, 81, 72, 206, 207, 45, 40, 74, 45, 46, 78, 77,
            81, 40, 207, 47, 202, 73, 1, 0, 8, 158, 52, 53, 23, 0, 0, 0,
        ]
        let server = try LoopbackServer { _ in .response(headers: ["Content-Encoding": "gzip"], body: bytes) }
        defer { server.stop() }
        let response = try await transport.send(HTTPRequest(url: server.url))
        #expect(String(decoding: response.body, as: UTF8.self) == "hello, compressed world")
        #expect(server.requests.first?.header("accept-encoding") == "gzip")
    }

    @Test("a request succeeds on a new connection when the kept one was closed meanwhile")
    func staleConnection() async throws {
        let server = try LoopbackServer { request in
            request.connection == 1 && request.target == "/second" ? .closeWithoutReply : .text("ok")
        }
        defer { server.stop() }
        _ = try await transport.send(HTTPRequest(url: server.url + "/first"))
        let response = try await transport.send(HTTPRequest(method: "POST", url: server.url + "/second"))
        #expect(response.status == 200)
        #expect(server.connectionCount == 2)
    }

    @Test("interim responses and trailers stay out of the headers")
    func interimAndTrailers() async throws {
        let server = try LoopbackServer(replies: [
            .raw(
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nA: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "2\r\nok\r\n0\r\nTrailing: x\r\n\r\n")
        ])
        defer { server.stop() }
        let response = try await transport.send(HTTPRequest(url: server.url))
        #expect(response.status == 200)
        #expect(response.headers == ["A": "1", "Transfer-Encoding": "chunked"])
        #expect(response.body == Array("ok".utf8))
    }

    @Test("the thread ends and connections close when the transport is let go")
    func shutdown() async throws {
        let disconnected = Gate()
        let server = try LoopbackServer { _ in
            .init(steps: LoopbackServer.Reply.text("ok").steps + [.awaitDisconnect, .open(disconnected), .close])
        }
        defer { server.stop() }
        do {
            let transport = try loopbackTransport()
            _ = try await transport.send(HTTPRequest(url: server.url))
        }
        await disconnected.opened()
    }
}
