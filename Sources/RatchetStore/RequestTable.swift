import GRDB
import RatchetCore
import RatchetJSON

/// The request log: how a `RequestRecord` lies in the tables `request`, `message` and `request_message`.
enum RequestTable {
    /// In the order in which `RequestWriter` writes and `ColumnReader.request` reads them; `r` is the table's alias.
    static let columns = """
        r.kind, r.traceID, r.time, r.fingerprint, r.contentFingerprint, r.promptID, r.promptVersion, r.promptHash, \
        r.target, r.answeringModel, r.params, r.contextIDs, r.toolCalls, r.output, r.finishReason, r.inputTokens, \
        r.outputTokens, r.cachedTokens, r.cacheWriteTokens, r.reasoningTokens, r.latency, r.timeToFirstToken, r.cost, r.feedback, r.isCached, r.attempts, r.error, r.opening
        """
}

/// Writes requests inside one transaction.
struct RequestWriter {
    private let database: Database
    private let insertRequest: PreparedStatement
    private let insertLink: PreparedStatement
    private let findMessage: PreparedStatement
    private let insertMessage: PreparedStatement
    /// The messages this transaction has met, by hash: a system prompt is looked up once a batch.
    private var messages: [String: Int64] = [:]

    init(_ database: Database) throws {
        self.database = database
        insertRequest = try database.prepared(
            """
            INSERT INTO request (kind, traceID, time, fingerprint, contentFingerprint, promptID, promptVersion,
                promptHash, target, answeringModel, params, contextIDs, toolCalls, output, finishReason, inputTokens,
                outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens, latency, timeToFirstToken, cost, feedback,
                isCached, attempts, error, opening)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insertLink = try database.prepared("INSERT INTO request_message (request, position, message) VALUES (?, ?, ?)")
        findMessage = try database.prepared("SELECT id FROM message WHERE hash = ?")
        insertMessage = try database.prepared("INSERT INTO message (hash, role, content, toolCalls, toolCallID) VALUES (?, ?, ?, ?, ?)")
    }

    /// Writes one row of the log and returns its key.
    mutating func insert(_ request: RequestRecord) throws -> Int64 {
        let (promptID, promptVersion) = Self.split(request.prompt)
        try insertRequest.run(
            request.kind.rawValue, request.traceID, request.time, request.fingerprint,
            request.contentFingerprint, promptID, promptVersion, request.promptHash, request.target,
            request.answeringModel, JSONColumn.text(request.params), JSONColumn.text(request.contextIDs),
            JSONColumn.text(request.toolCalls), request.output, request.finishReason, request.usage?.inputTokens,
            request.usage?.outputTokens, request.usage?.cachedTokens, request.usage?.cacheWriteTokens,
            request.usage?.reasoningTokens, request.latency, request.timeToFirstToken, request.cost,
            request.feedback?.serialized(.compact), request.isCached, JSONColumn.text(request.attempts), request.error,
            request.opening)
        let key = database.lastInsertedRowID
        for (position, message) in request.messages.enumerated() {
            try insertLink.run(key, position, messageID(message))
        }
        return key
    }

    private mutating func messageID(_ message: Message) throws -> Int64 {
        // By hash and not by the message itself: Swift's strings are equal when they look equal, bytes are not.
        var identity = "\(message.role.rawValue)\n\(message.content)"
        let calls = message.toolCalls.isEmpty ? nil : JSONColumn.text(message.toolCalls)
        if calls != nil || message.toolCallID != nil { identity = "\(calls ?? "")\n\(message.toolCallID ?? "")\n" + identity }
        let hash = Digest.sha256(identity)
        if let known = messages[hash] { return known }
        if let stored = try findMessage.firstRow(hash, body: { $0.next(Int64.self) }) {
            messages[hash] = stored
            return stored
        }
        try insertMessage.run(hash, message.role.rawValue, message.content, calls, message.toolCallID)
        messages[hash] = database.lastInsertedRowID
        return database.lastInsertedRowID
    }

    /// `support-answer@1.2.0` as its id and its version.
    private static func split(_ prompt: String?) -> (id: String?, version: String?) {
        guard let prompt, let separator = prompt.firstIndex(of: "@") else { return (prompt, nil) }
        return (String(prompt[..<separator]), String(prompt[prompt.index(after: separator)...]))
    }
}

extension Database {
    /// The rendered messages of a request, in order.
    func messages(ofRequest request: Int64) throws -> [Message] {
        try rows(
            """
            SELECT m.role, m.content, m.toolCalls, m.toolCallID FROM request_message l JOIN message m ON m.id = l.message
            WHERE l.request = ? ORDER BY l.position
            """, request
        ) { row in
            Message(
                role: try row.state(), content: row.next(),
                toolCalls: try row.next(String?.self).map { try JSONColumn.toolCalls($0) } ?? [], toolCallID: row.next())
        }
    }
}

extension ColumnReader {
    /// The columns of `RequestTable.columns`; the messages are read apart.
    mutating func request() throws -> RequestRecord {
        var request = RequestRecord(
            kind: try state(), traceID: next(), time: next(), fingerprint: next(), contentFingerprint: next(),
            prompt: prompt(), promptHash: next(), target: next(), answeringModel: next(),
            params: try JSONColumn.object(next()), messages: [], contextIDs: try JSONColumn.strings(next()),
            toolCalls: try JSONColumn.toolCalls(next()), output: next(), finishReason: next(), usage: usage(),
            latency: next(), timeToFirstToken: next(), cost: next(),
            feedback: try next(String?.self).map { try JSONColumn.value($0) }, isCached: next(),
            attempts: try JSONColumn.attempts(next()), error: next())
        request.opening = next()
        return request
    }

    private mutating func prompt() -> String? {
        let id = next(String?.self)
        let version = next(String?.self)
        return id.map { id in version.map { "\(id)@\($0)" } ?? id }
    }

    /// `nil` when neither count is known.
    mutating func usage() -> Usage? {
        Usage(
            inputTokens: next(), outputTokens: next(), cachedTokens: next(), cacheWriteTokens: next(), reasoningTokens: next()
        ).ifKnown
    }
}
