import Foundation

/// A TCP socket on the loopback interface, with blocking calls.
struct Socket: Sendable {
    let descriptor: Int32

    /// A listening socket on a free port of 127.0.0.1.
    static func listen(backlog: Int32 = 512) throws -> Socket {
        let socket = Socket(descriptor: Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0))
        guard socket.descriptor >= 0 else { throw failure("socket") }
        let bound = withLoopbackAddress(port: 0) { bind(socket.descriptor, $0, $1) }
        guard bound == 0, Foundation.listen(socket.descriptor, backlog) == 0 else {
            defer { socket.close() }
            throw failure("listen")
        }
        return socket
    }

    /// A connection to `port` that may still be on its way when this returns.
    static func startConnecting(port: UInt16) throws -> Socket {
        let type = Int32(SOCK_STREAM.rawValue) | O_CLOEXEC | O_NONBLOCK
        let socket = Socket(descriptor: Foundation.socket(AF_INET, type, 0))
        guard socket.descriptor >= 0 else { throw failure("socket") }
        _ = withLoopbackAddress(port: port) { connect(socket.descriptor, $0, $1) }
        return socket
    }

    func port() throws -> UInt16 {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { throw Self.failure("getsockname") }
        return UInt16(bigEndian: address.sin_port)
    }

    /// The next connection; `nil` when the socket was shut down.
    func accept() -> Socket? {
        while true {
            let connection = Foundation.accept(descriptor, nil, nil)
            if connection >= 0 {
                var isOn: Int32 = 1
                setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
                return Socket(descriptor: connection)
            }
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    /// Some bytes; none when the connection has ended.
    func receive() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
            var result = 0
            repeat {
                result = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            } while result < 0 && errno == EINTR
            count = max(0, result)
        }
    }

    /// Writes all bytes; false when the connection has ended.
    func send(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Foundation.send(
                    descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count,
                    Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }

    /// Ends both directions; calls that block on this socket return.
    func shutDown() {
        Foundation.shutdown(descriptor, Int32(SHUT_RDWR))
    }

    func close() {
        Foundation.close(descriptor)
    }

    /// Makes the close to come a reset.
    func discardOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    private static func withLoopbackAddress<Value>(
        port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }

    private static func failure(_ call: String) -> LoopbackServer.Failure {
        .system(call: call, code: errno)
    }
}

/// A port that neither accepts nor refuses connections: its queue is full. For time limits on connecting.
package final class FullPort: Sendable {
    package let port: UInt16
    private let sockets: [Socket]

    package init() throws {
        let listener = try Socket.listen(backlog: 0)
        port = try listener.port()
        var sockets = [listener]
        for _ in 0..<4 { sockets.append(try Socket.startConnecting(port: port)) }
        self.sockets = sockets
    }

    deinit {
        for socket in sockets { socket.close() }
    }
}

/// A port of 127.0.0.1 on which nothing listens (it was free a moment ago).
package func unusedPort() throws -> UInt16 {
    let socket = try Socket.listen()
    defer { socket.close() }
    return try socket.port()
}

/// Takes requests off a connection, one after another.
struct RequestReader {
    let socket: Socket
    let connection: Int
    private var buffer: [UInt8] = []

    init(socket: Socket, connection: Int) {
        self.socket = socket
        self.connection = connection
    }

    /// The next request; `nil` when the connection has ended or no HTTP came.
    mutating func next() -> LoopbackServer.Request? {
        guard let headEnd = readHead() else { return nil }
        let lines = String(decoding: buffer[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        guard let words = lines.first?.split(separator: " "), words.count == 3 else { return nil }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return (String(line[..<colon]), String(value))
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        let bodyStart = headEnd + 4
        guard fill(to: bodyStart + length) else { return nil }
        defer { buffer.removeFirst(bodyStart + length) }
        return LoopbackServer.Request(
            method: String(words[0]), target: String(words[1]), headers: headers,
            body: Array(buffer[bodyStart..<bodyStart + length]), connection: connection)
    }

    /// Reads up to the blank line and returns where it starts.
    private mutating func readHead() -> Int? {
        var searched = 0
        while true {
            if let end = endOfHead(from: searched) { return end }
            searched = max(0, buffer.count - 3)
            guard fill(to: buffer.count + 1) else { return nil }
        }
    }

    private func endOfHead(from start: Int) -> Int? {
        buffer.withUnsafeBufferPointer { bytes in
            var index = start
            while index + 3 < bytes.count {
                if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13, bytes[index + 3] == 10 {
                    return index
                }
                index += 1
            }
            return nil
        }
    }

    private mutating func fill(to count: Int) -> Bool {
        while buffer.count < count {
            let received = socket.receive()
            if received.isEmpty { return false }
            buffer += received
        }
        return true
    }
}
