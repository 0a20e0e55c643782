import Testing

@testable import RatchetBackends

@Suite("Requests, responses and errors as values")
struct HTTPValueTests {
    @Test("printing a request shows no secret")
    func printing() {
        let request = HTTPRequest(
            method: "POST", url: "https://user:pass@example.com/v1/x?key=secret",
            headers: ["Authorization": "Bearer secret"], body: Array("secret".utf8))
        var dumped = ""
        dump(request, to: &dumped)
        for text in ["\(request)", String(reflecting: request), "\(request.headers)", dumped] {
            #expect(!text.contains("secret") && !text.contains("pass"))
        }
        #expect("\(request)" == "POST https://example.com/v1/x")
    }

    @Test("header lines make a head: white space trimmed, folded lines joined, a new status line starts anew")
    func head() {
        var head = HTTPResponseHead()
        for line in ["HTTP/1.1 100 Continue", "X: 0", "", "HTTP/2 200", "A:1", "B:  two \t", " more", "C:", ":", ""] {
            head.append(Array((line + "\r\n").utf8))
        }
        head.append(Array("Trailer: x\r\n".utf8))
        #expect(head.headers == ["A": "1", "B": "two more", "C": "", "": ""])
    }

    @Test("durations round up to whole milliseconds and stay within bounds")
    func milliseconds() {
        #expect(Duration.nanoseconds(1).milliseconds == 1)
        #expect(Duration.milliseconds(1500).milliseconds == 1500)
        #expect(Duration.zero.milliseconds == 0)
        #expect(Duration.seconds(-5).milliseconds == 0)
        #expect(Duration.seconds(Int64.max).milliseconds == Int(Int32.max))
    }

    @Test("certificates come from the environment as the curl command reads it")
    func certificates() {
        let none = CurlTransport.Configuration(environment: ["SSL_CERT_FILE": ""])
        #expect(none == CurlTransport.Configuration())
        let both = CurlTransport.Configuration(environment: ["SSL_CERT_FILE": "f", "SSL_CERT_DIR": "d"])
        #expect(both.certificateFile == "f" && both.certificateDirectory == "d")
        let bundle = CurlTransport.Configuration(environment: ["SSL_CERT_FILE": "f", "CURL_CA_BUNDLE": "b"])
        #expect(bundle.certificateFile == "b" && bundle.certificateDirectory == nil)
    }
}
