#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Runs deeply recursive work where the call stack is known to be large enough.
///
/// The stack of the thread at hand may be anything from 128 KiB to 8 MiB. A thread of its own costs some tens of
/// microseconds, and memory only for the part of its stack that is used.
enum LargeStack {
    /// In bytes.
    static let size = 128 << 20

    /// The result of `body`; `nil` when there is no such thread to be had.
    static func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result? {
        let work = Work(body)
        var attributes = pthread_attr_t()
        guard pthread_attr_init(&attributes) == 0 else { return nil }
        defer { pthread_attr_destroy(&attributes) }
        guard pthread_attr_setstacksize(&attributes, size) == 0 else { return nil }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(work)
        let status = pthread_create(&thread, &attributes, Self.start, context.toOpaque())
        guard status == 0 else {
            context.release()
            return nil
        }
        guard pthread_join(thread, nil) == 0 else { return nil }
        return work.result
    }

    private static let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        if let context { Unmanaged<AnyWork>.fromOpaque(context).takeRetainedValue().run() }
        return nil
    }

    /// What the thread is handed, without the type of its result, which a C function cannot have.
    private class AnyWork {
        func run() {}
    }

    /// Written by the new thread and read after it was joined, so never by two at a time.
    private final class Work<Result: Sendable>: AnyWork, @unchecked Sendable {
        private let body: @Sendable () -> Result
        private(set) var result: Result?

        init(_ body: @escaping @Sendable () -> Result) { self.body = body }

        override func run() { result = body() }
    }
}
