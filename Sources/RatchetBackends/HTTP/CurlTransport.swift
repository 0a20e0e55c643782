import CCurl
import Glibc

/// The transport over libcurl: all requests on one event thread, connections kept alive and reused, HTTP/2 over TLS
/// where the server offers it.
///
/// Certificates are verified, redirects are not followed, cookies are not kept, only `http` and `https` are spoken.
/// A request that meets a kept connection which the server has just closed is sent once more on a new connection by
/// libcurl itself, provided that no byte of a response had arrived.
///
/// Keep one for the whole process: dropping the last reference ends its thread and closes its connections.
package final class CurlTransport: HTTPTransport {
    /// Where to find certificates and proxies.
    package struct Configuration: Sendable, Hashable {
        /// A PEM file of trusted certificates instead of libcurl's own.
        package var certificateFile: String?
        /// A directory of trusted certificates (`c_rehash` names) instead of libcurl's own.
        package var certificateDirectory: String?
        /// Whether `https_proxy`, `HTTPS_PROXY`, `http_proxy`, `ALL_PROXY` and `NO_PROXY` of the process count.
        package var usesEnvironmentProxies = true

        package init() {}

        /// The certificates that the environment names, as the `curl` command reads it: `CURL_CA_BUNDLE`, else
        /// `SSL_CERT_DIR` and `SSL_CERT_FILE`.
        package init(environment: [String: String]) {
            func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
            if let bundle = value("CURL_CA_BUNDLE") {
                certificateFile = bundle
            } else {
                certificateFile = value("SSL_CERT_FILE")
                certificateDirectory = value("SSL_CERT_DIR")
            }
        }
    }

    /// libcurl's version, with those of what it uses.
    package static var libraryVersion: String { curl_version().map { String(cString: $0) } ?? "unknown" }

    private let loop: CurlEventLoop
    private let thread: pthread_t

    /// Starts the event thread.
    ///
    /// - Throws: ``HTTPError`` of kind `other` when libcurl or a thread is not to be had.
    package init(configuration: Configuration = Configuration()) throws(HTTPError) {
        loop = try CurlEventLoop(configuration: configuration)
        thread = try loop.start()
    }

    deinit {
        // Nothing is under way: whoever waits in `send` keeps this object alive. So the wait is short, and this is
        // never the event thread.
        loop.stop()
        pthread_join(thread, nil)
    }

    package func send(
        _ request: HTTPRequest, onBody: (@Sendable (ArraySlice<UInt8>) -> Void)?
    ) async throws(HTTPError) -> HTTPResponse {
        try request.validate()
        // Between handing it over and taking it back, the event thread could already have sent it.
        if Task.isCancelled { throw HTTPError(.cancelled, "the task was cancelled before the request was sent") }
        let loop = loop
        let id = loop.nextID()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.submit(
                    CurlEventLoop.Submission(id: id, request: request, onBody: onBody, continuation: continuation))
                // The handler below may have run before there was anything to cancel.
                if Task.isCancelled { loop.cancel(id) }
            }
        } onCancel: {
            loop.cancel(id)
        }
        return try result.get()
    }
}

extension HTTPRequest {
    /// Refuses what libcurl would guess at, or what could smuggle a second header into the request.
    func validate() throws(HTTPError) {
        let scheme = url.prefix { $0 != ":" }.lowercased()
        guard (scheme == "http" || scheme == "https") && url.dropFirst(scheme.count).hasPrefix("://") else {
            throw HTTPError(.badURL, "the URL must start with http:// or https://")
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw HTTPError(.badURL, "the URL has a space or a control character")
        }
        guard Self.isToken(method) else {
            throw HTTPError(.badRequest, "the method is not a plain word")
        }
        for field in headers.fields {
            guard Self.isToken(field.name) else {
                throw HTTPError(.badRequest, "the name of a header field has a character that cannot be sent")
            }
            guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw HTTPError(.badRequest, "the value of header \(field.name) has a line break or control character")
            }
        }
    }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default:
                    "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
