import GRDB
import RatchetCore

/// An answer that was generated before, for the very same request.
package struct CachedResponse: Hashable, Sendable {
    package var response: Response
    /// The id of the generation.
    package var traceID: String
    /// When it was generated, in seconds since 1970.
    package var time: Double
}

extension Store {
    /// The answer to the request with this fingerprint, unless it was generated before `notBefore` (seconds since
    /// 1970) or a baseline has been made of it.
    package func cachedResponse(fingerprint: String, notBefore: Double) throws(StoreError) -> CachedResponse? {
        do {
            // A single statement needs no transaction around it.
            return try reader.unsafeRead { database in
                try database.firstRow(
                    """
                    SELECT output, toolCalls, finishReason, answeringModel, inputTokens, outputTokens, cachedTokens,
                        cacheWriteTokens, reasoningTokens, latency, timeToFirstToken, cost, traceID, time
                    FROM cache WHERE fingerprint = ? AND time >= ? AND takenBy IS NULL
                    """, fingerprint, notBefore
                ) { try $0.cachedResponse() }
            }
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Keeps answers that belong to no run, such as those of a judge that is being measured.
    package func cache(_ answers: [RequestRecord]) throws(StoreError) {
        try write { database in
            let cache = try CacheWriter(database)
            try answers.forEach(cache.keep)
        }
    }

    /// Takes the generations of a run out of the cache for good, because a baseline has been made of them: evidence
    /// that was accepted must never come back as fresh evidence. Later generations for the same requests are cached
    /// again; the judges' answers stay.
    package func retireFromCache(run name: String) throws(StoreError) {
        try write { database in
            try database.run(
                """
                UPDATE cache SET takenBy = ?1 WHERE id IN (
                    SELECT c.id FROM trial t
                    JOIN request r ON r.id = t.request
                    JOIN cache c ON c.traceID = r.traceID
                    WHERE t.run = ?2)
                """, name, database.existingRunID(name))
        }
    }

    /// Forgets the answers that were generated before this time (seconds since 1970). Runs and their requests stay.
    package func pruneCache(before time: Double) throws(StoreError) {
        try write { try $0.run("DELETE FROM cache WHERE time < ?", time) }
    }
}

/// Puts answers into the cache inside one transaction.
struct CacheWriter {
    private let insert: PreparedStatement

    init(_ database: Database) throws {
        insert = try database.prepared(
            """
            INSERT INTO cache (fingerprint, traceID, time, output, toolCalls, finishReason, answeringModel, inputTokens,
                outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens, latency, timeToFirstToken, cost)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (fingerprint) DO UPDATE SET traceID = excluded.traceID, time = excluded.time,
                output = excluded.output, toolCalls = excluded.toolCalls, finishReason = excluded.finishReason,
                answeringModel = excluded.answeringModel, inputTokens = excluded.inputTokens,
                outputTokens = excluded.outputTokens, cachedTokens = excluded.cachedTokens,
                cacheWriteTokens = excluded.cacheWriteTokens, reasoningTokens = excluded.reasoningTokens, latency = excluded.latency,
                timeToFirstToken = excluded.timeToFirstToken, cost = excluded.cost, takenBy = NULL
            WHERE excluded.traceID <> cache.traceID AND (excluded.time > cache.time OR cache.takenBy IS NOT NULL)
            """)
    }

    /// Keeps the answer to a request for the next time it is asked. Requests without an answer and answers that came
    /// from the cache themselves are passed over; so is an older answer than the one that is there, and a generation
    /// that a baseline has taken.
    func keep(_ request: RequestRecord) throws {
        guard let output = request.output, !request.isCached else { return }
        try insert.run(
            request.fingerprint, request.traceID, request.time, output, JSONColumn.text(request.toolCalls),
            request.finishReason, request.answeringModel, request.usage?.inputTokens, request.usage?.outputTokens,
            request.usage?.cachedTokens, request.usage?.cacheWriteTokens, request.usage?.reasoningTokens,
            request.latency, request.timeToFirstToken, request.cost)
    }
}

extension ColumnReader {
    fileprivate mutating func cachedResponse() throws -> CachedResponse {
        let text = next(String.self)
        let output = Output(text: text, toolCalls: try JSONColumn.toolCalls(next()), finishReason: next())
        let response = Response(
            output: output, model: next(), usage: usage(), latency: next(), timeToFirstToken: next(), cost: next())
        return CachedResponse(response: response, traceID: next(), time: next())
    }
}
