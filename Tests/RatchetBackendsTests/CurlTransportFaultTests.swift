import Synchronization
import TestSupport
import Testing

@testable import RatchetBackends

@Suite("The curl transport, when things go wrong", .timeLimit(.minutes(1)))
struct CurlTransportFaultTests {
    let transport: CurlTransport

    init() throws {
        transport = try loopbackTransport()
    }

    /// The error that sending `request` ends with.
    private func failure(_ request: HTTPRequest) async throws -> HTTPError {
        try await #require(throws: HTTPError.self) { try await transport.send(request) }
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let reply: LoopbackServer.Reply
        let kind: HTTPError.Kind
    }

    static let faults: [Fault] = [
        Fault(testDescription: "closed without a reply", reply: .closeWithoutReply, kind: .connectionLost),
        Fault(testDescription: "reset", reply: .reset, kind: .connectionLost),
        Fault(testDescription: "body shorter than promised", reply: .truncated("half"), kind: .connectionLost),
        Fault(testDescription: "closed between chunks", reply: .brokenOff(["a", "b"]), kind: .connectionLost),
        Fault(testDescription: "reset between chunks", reply: .brokenOff(["a"], by: .reset), kind: .connectionLost),
        Fault(testDescription: "closed inside the head", reply: .raw("HTTP/1.1 200 OK\r\nA: b"), kind: .connectionLost),
        Fault(testDescription: "no status line", reply: .raw("SSH-2.0-OpenSSH\r\n\r\n"), kind: .invalidResponse),
        Fault(
            testDescription: "broken chunk length",
            reply: .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"), kind: .connectionLost),
        Fault(
            testDescription: "gzip that is none",
            reply: .text("no gzip at all", headers: ["Content-Encoding": "gzip"]), kind: .invalidResponse),
    ]

    @Test("each fault of the server has its kind of error", arguments: faults)
    func fault(_ fault: Fault) async throws {
        let server = try LoopbackServer(replies: [fault.reply])
        defer { server.stop() }
        let error = try await failure(HTTPRequest(method: "POST", url: server.url, body: [1, 2, 3]))
        #expect(error.kind == fault.kind)
        #expect(!error.message.isEmpty)
        #expect(error.isTransient == (fault.kind == .connectionLost))
        #expect(server.requests.count == 1)
    }

    @Test("nothing listens: cannot connect")
    func refused() async throws {
        let error = try await failure(HTTPRequest(url: "http://127.0.0.1:\(try unusedPort())/"))
        #expect(error.kind == .cannotConnect)
        #expect(error.isTransient)
    }

    @Test("a name that cannot exist is not resolved")
    func unknownName() async throws {
        let label = String(repeating: "a", count: 64)
        let error = try await failure(HTTPRequest(url: "http://\(label).invalid/"))
        #expect(error.kind == .nameNotResolved)
    }

    @Test("a server without TLS behind https is a TLS error, not worth a retry")
    func noTLS() async throws {
        let server = try LoopbackServer(greeting: "HTTP/1.1 400 Bad Request\r\n\r\n") { _ in .text("ok") }
        defer { server.stop() }
        let error = try await failure(HTTPRequest(url: "https://127.0.0.1:\(server.port)/"))
        #expect(error.kind == .tls)
        #expect(!error.isTransient)
    }

    @Test("no first byte in time")
    func firstByteLimit() async throws {
        let disconnected = Gate()
        let server = try LoopbackServer { _ in .silence(disconnected: disconnected) }
        defer { server.stop() }
        let timeouts = HTTPRequest.Timeouts(firstByte: .milliseconds(50))
        let error = try await failure(HTTPRequest(url: server.url, timeouts: timeouts))
        #expect(error.kind == .timeout(.firstByte))
        await disconnected.opened()
    }

    @Test("a response that begins but does not end in time")
    func totalLimit() async throws {
        let server = try LoopbackServer { _ in .chunked(["begun", .wait(Gate())]) }
        defer { server.stop() }
        // The first byte's limit is shorter, but is met.
        let timeouts = HTTPRequest.Timeouts(firstByte: .seconds(30), total: .milliseconds(300))
        let error = try await failure(HTTPRequest(url: server.url, timeouts: timeouts))
        #expect(error.kind == .timeout(.total))
    }

    @Test("a connection that does not come about in time")
    func connectLimit() async throws {
        let port = try FullPort()
        let timeouts = HTTPRequest.Timeouts(connect: .milliseconds(50))
        let error = try await failure(HTTPRequest(url: "http://127.0.0.1:\(port.port)/", timeouts: timeouts))
        #expect(error.kind == .timeout(.connect))
    }

    @Test("one slow request does not hold up others, nor their limits")
    func limitsAreIndependent() async throws {
        let server = try LoopbackServer { $0.target == "/silent" ? .silence() : .text("ok") }
        defer { server.stop() }
        async let silent: HTTPError = failure(
            HTTPRequest(url: server.url + "/silent", timeouts: .init(firstByte: .milliseconds(200))))
        for _ in 0..<20 {
            #expect(try await transport.send(HTTPRequest(url: server.url)).status == 200)
        }
        #expect(try await silent.kind == .timeout(.firstByte))
    }

    @Test("a body above the limit is refused, one of the limit's size is taken")
    func bodyLimit() async throws {
        let server = try LoopbackServer { _ in .text(String(repeating: "x", count: 1000)) }
        defer { server.stop() }
        #expect(try await transport.send(HTTPRequest(url: server.url, responseBodyLimit: 1000)).body.count == 1000)
        let error = try await failure(HTTPRequest(url: server.url, responseBodyLimit: 999))
        #expect(error.kind == .tooLarge)
        #expect(!error.isTransient)
    }

    @Test("cancelling the task ends the transfer and closes its connection")
    func cancellation() async throws {
        let received = Gate()
        let disconnected = Gate()
        let server = try LoopbackServer { _ in .silence(received: received, disconnected: disconnected) }
        defer { server.stop() }
        let (transport, url) = (transport, server.url)
        let task = Task { try await transport.send(HTTPRequest(url: url)) }
        await received.opened()
        task.cancel()
        let error = await #expect(throws: HTTPError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        await disconnected.opened()
    }

    @Test("a request of a task that is already cancelled is not sent")
    func cancelledBefore() async throws {
        let server = try LoopbackServer { _ in .text("ok") }
        defer { server.stop() }
        let (transport, url) = (transport, server.url)
        let gate = Gate()
        let task = Task {
            await gate.opened()
            return try await transport.send(HTTPRequest(url: url))
        }
        task.cancel()
        gate.open()
        let error = await #expect(throws: HTTPError.self) { try await task.value }
        #expect(error?.kind == .cancelled)
        #expect(server.requests.isEmpty)
    }

    @Test("cancellations at any moment leave every task with one outcome")
    func cancellationStorm() async throws {
        let server = try LoopbackServer { _ in .text("ok") }
        defer { server.stop() }
        let (transport, url) = (transport, server.url)
        for round in 0..<20 {
            let tasks = (0..<20).map { _ in Task { try await transport.send(HTTPRequest(url: url)) } }
            for _ in 0..<round { await Task.yield() }
            for task in tasks { task.cancel() }
            for task in tasks {
                switch await task.result {
                case .success(let response): #expect(response.status == 200)
                case .failure(let error): #expect((error as? HTTPError)?.kind == .cancelled)
                }
            }
        }
        #expect(try await transport.send(HTTPRequest(url: url)).status == 200)
    }

    @Test(
        "refuses addresses that are not plain http or https",
        arguments: [
            "", "localhost:8080/v1", "file:///etc/passwd", "ftp://example.com/", "http:/x", "http://a b/",
            "http://a/\r\nX: y", "http://", "https://[::1", "http://a:99999999/",
        ])
    func badURL(_ url: String) async throws {
        #expect(try await failure(HTTPRequest(url: url)).kind == .badURL)
    }

    @Test("refuses header fields and methods that would smuggle in others, and does not repeat their values")
    func badRequest() async throws {
        let url = "http://127.0.0.1:1/"
        let value = try await failure(HTTPRequest(url: url, headers: ["Authorization": "Bearer secret\r\nX: y"]))
        #expect(value.kind == .badRequest)
        #expect(!"\(value)".contains("secret"))
        #expect(try await failure(HTTPRequest(url: url, headers: ["X: y\r\nZ": "1"])).kind == .badRequest)
        #expect(try await failure(HTTPRequest(method: "GET /x", url: url)).kind == .badRequest)
    }
}
