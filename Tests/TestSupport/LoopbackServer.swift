import Dispatch
import Foundation
import Synchronization

/// An HTTP/1.1 server on 127.0.0.1 for tests, which misbehaves on demand. A thread a connection, connections kept alive.
///
///     let server = try LoopbackServer { request in
///         request.target == "/slow" ? .chunked(["a", .wait(gate), "b"]) : .text("hello")
///     }
///     defer { server.stop() }
///     … server.url + "/slow" …
///     #expect(server.requests.count == 1)
///
/// The handler is called on the connections' threads, so at once for several requests; state in it wants a `Mutex`, or
/// use ``init(replies:)``. What it may do wrong is listed at ``Reply``.
package final class LoopbackServer: Sendable {
    package typealias Handler = @Sendable (Request) -> Reply

    package enum Failure: Error {
        /// A system call failed with this `errno`.
        case system(call: String, code: Int32)
    }

    package let port: UInt16

    private let house: House
    private let accepting = DispatchGroup()

    /// Starts to listen on a free port. Every connection is sent `greeting` before anything is read from it.
    package init(greeting: String = "", handler: @escaping Handler) throws {
        let listener = try Socket.listen()
        port = try listener.port()
        house = House(listener: listener, greeting: Array(greeting.utf8), handler: handler)
        accepting.enter()
        let (house, accepting) = (house, accepting)
        Thread.detachNewThread {
            house.acceptConnections()
            accepting.leave()
        }
    }

    /// A server that gives these replies in turn, and the last one for ever.
    package convenience init(replies: [Reply]) throws {
        let next = Mutex(0)
        try self.init { _ in
            let index = next.withLock { next in
                defer { next += 1 }
                return min(next, replies.count - 1)
            }
            return replies[index]
        }
    }

    deinit {
        stop()
    }

    /// The address without a slash at its end: `http://127.0.0.1:40123`.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// All requests received so far, in order of arrival.
    package var requests: [Request] { house.state.withLock(\.requests) }

    /// How many connections were accepted so far.
    package var connectionCount: Int { house.state.withLock(\.connectionCount) }

    /// Closes all connections, opens all gates that replies wait at, and returns when all threads have ended.
    package func stop() {
        house.shutDown()
        accepting.wait()
        house.connections.wait()
    }
}

/// What the server's threads share. They keep this alive, not the server, so that a forgotten server stops too.
private final class House: Sendable {
    struct State {
        var requests: [LoopbackServer.Request] = []
        var connectionCount = 0
        var openSockets: [Int: Socket] = [:]
        var gates: [Gate] = []
        var isStopping = false
    }

    let listener: Socket
    let greeting: [UInt8]
    let handler: LoopbackServer.Handler
    let connections = DispatchGroup()
    let state = Mutex(State())

    init(listener: Socket, greeting: [UInt8], handler: @escaping LoopbackServer.Handler) {
        self.listener = listener
        self.greeting = greeting
        self.handler = handler
    }

    func acceptConnections() {
        while let socket = listener.accept() {
            let number: Int? = state.withLock { state in
                guard !state.isStopping else { return nil }
                state.connectionCount += 1
                state.openSockets[state.connectionCount] = socket
                return state.connectionCount
            }
            guard let number else {
                socket.close()
                continue
            }
            connections.enter()
            Thread.detachNewThread { [self] in
                serve(socket, number: number)
                state.withLock { _ = $0.openSockets.removeValue(forKey: number) }
                socket.close()
                connections.leave()
            }
        }
        listener.close()
    }

    func shutDown() {
        let gates = state.withLock { state in
            // Under the lock, so that no thread closes a descriptor in between.
            if !state.isStopping { listener.shutDown() }
            state.isStopping = true
            for socket in state.openSockets.values { socket.shutDown() }
            return state.gates
        }
        for gate in gates { gate.open() }
    }

    private func serve(_ socket: Socket, number: Int) {
        guard socket.send(greeting) else { return }
        var reader = RequestReader(socket: socket, connection: number)
        while let request = reader.next() {
            state.withLock { $0.requests.append(request) }
            for step in handler(request).steps {
                guard perform(step, on: socket) else { return }
            }
        }
    }

    /// Performs one step; false when the connection ends with it.
    private func perform(_ step: LoopbackServer.Reply.Step, on socket: Socket) -> Bool {
        switch step {
        case .send(let bytes):
            return socket.send(bytes)
        case .wait(let gate):
            let isStopping = state.withLock { state in
                state.gates.append(gate)
                return state.isStopping
            }
            if !isStopping { gate.wait() }
            return !isStopping
        case .open(let gate):
            gate.open()
            return true
        case .awaitDisconnect:
            while !socket.receive().isEmpty {}
            return true
        case .close:
            return false
        case .reset:
            socket.discardOnClose()
            return false
        }
    }
}
