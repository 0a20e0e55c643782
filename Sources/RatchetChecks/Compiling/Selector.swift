import RatchetCore
import RatchetJSON

/// The common key `of`: which part of the output a check looks at.
package enum Selector: Sendable {
    /// The first value at a path in the JSON that the output holds.
    case path(JSONPath)
    /// The first captured group of a match, or the whole match of a pattern without groups.
    case pattern(PatternRegex, written: String)
    /// The model's tool calls, as a JSON list.
    case toolCalls
    case finishReason
    /// The content of the first code fence, or of the first with that language.
    case fence(language: String?)
    /// The model's n-th reply in a conversation, from 1.
    case turn(Int)
    /// All that was said from the model's first reply on.
    case conversation
    /// All of the text, which is also the default.
    case text

    package enum Selection: Sendable {
        case subject(Subject)
        case nothing(reason: String)
        case undecided(reason: String)
    }

    static let help = "known: `text`, `tool_calls`, `finish_reason`, `fence`, `fence:python`, `turn:1`, `conversation`, a path such as `$.answer`, `regex:Answer: (.*)`"

    /// - Throws: what is wrong with the selector.
    package init(_ text: String) throws(SelectorError) {
        switch text {
        case "text": self = .text
        case "tool_calls": self = .toolCalls
        case "finish_reason": self = .finishReason
        case "fence": self = .fence(language: nil)
        case _ where text.hasPrefix("fence:"): self = .fence(language: text.dropFirst("fence:".count).lowercased())
        case "conversation": self = .conversation
        case _ where text.hasPrefix("turn:"):
            guard let number = Int(text.dropFirst("turn:".count)), number >= 1 else {
                throw SelectorError(message: "\(Excerpt.quoted(text)) names no reply", help: "`turn:1` is the model's first reply, `turn:2` its second")
            }
            self = .turn(number)
        case _ where text.hasPrefix("$"):
            do throws(JSONPathError) {
                self = .path(try JSONPath(text, regex: PCRE2JSONRegexEngine()))
            } catch {
                throw SelectorError(message: "bad path \(Excerpt.quoted(text)): \(error.message)", help: "at offset \(error.offset)")
            }
        case _ where text.hasPrefix("regex:"):
            let pattern = String(text.dropFirst("regex:".count))
            do throws(PatternError) {
                self = .pattern(try PatternRegex(pattern, flags: ""), written: pattern)
            } catch {
                throw SelectorError(
                    message: "bad pattern \(Excerpt.quoted(pattern)): \(error.message)", help: "at offset \(error.offset)")
            }
        default:
            throw SelectorError(message: "cannot look at \(Excerpt.quoted(text))", help: Self.help)
        }
    }

    package func select(from input: CheckInput) -> Selection {
        let output = input.response.output
        switch self {
        case .text:
            return .subject(Subject(text: output.text))
        case .toolCalls:
            return .subject(Subject(value: .array(output.toolCalls.map(\.json))))
        case .finishReason:
            guard let reason = output.finishReason else { return .nothing(reason: "the backend gave no finish reason") }
            return .subject(Subject(text: reason))
        case .fence(let language):
            let fence = CodeFence.first(in: input.text) { language == nil || $0.language == language }
            guard let fence else {
                let wanted = language.map { " for \(Excerpt.oneLine($0))" } ?? ""
                return .nothing(reason: "no code fence\(wanted) in \(Excerpt.quoted(input.text))")
            }
            return .subject(Subject(text: fence.text(in: input.text)))
        case .turn(let number):
            let replies = input.response.replies
            guard number <= replies.count else {
                return .nothing(reason: "there is no reply \(number): the conversation has \(replies.count)")
            }
            return .subject(Subject(text: replies[number - 1]))
        case .conversation:
            return .subject(Subject(text: Self.text(of: input.response)))
        case .path(let path):
            return Self.select(path, from: input.subject)
        case .pattern(let regex, let written):
            return Self.select(regex, written: written, from: input.text)
        }
    }

    /// Whether it looks at what other outputs do not have: a baseline holds an example's last reply only.
    var isOfConversation: Bool {
        switch self {
        case .turn, .conversation: true
        default: false
        }
    }

    private static func text(of response: Response) -> String {
        let said = response.transcript.flatMap { message -> [String] in
            let calls = message.toolCalls.map { "assistant calls \($0.name): \($0.argumentsText)" }
            return (message.content.isEmpty ? [] : ["\(message.role.rawValue): \(message.content)"]) + calls
        }
        return (said + ["assistant: \(response.output.text)"]).joined(separator: "\n\n")
    }

    private static func select(_ path: JSONPath, from subject: Subject) -> Selection {
        guard let document = subject.value ?? subject.json?.value else {
            return .nothing(
                reason: "nothing at \(path.expression): there is no JSON in the output \(Excerpt.quoted(subject.text))")
        }
        do throws(JSONPathError) {
            guard let value = try path.values(in: document).first else {
                let found = Excerpt.quoted(document.serialized(.compact))
                return .nothing(reason: "nothing at \(path.expression) in \(found)")
            }
            return .subject(Subject(value: value))
        } catch {
            return .undecided(reason: "\(path.expression) was given up: \(error.message)")
        }
    }

    private static func select(_ regex: PatternRegex, written: String, from text: String) -> Selection {
        do throws(PatternLimitError) {
            guard let match = try regex.firstMatch(in: text) else {
                return .nothing(reason: "nothing matches /\(Excerpt.oneLine(written))/ in \(Excerpt.quoted(text))")
            }
            guard !match.captures.isEmpty else { return .subject(Subject(text: match.text)) }
            guard let captured = match.captures.lazy.compactMap({ $0 }).first else {
                return .nothing(reason: "/\(Excerpt.oneLine(written))/ matches, but its groups captured nothing")
            }
            return .subject(Subject(text: captured))
        } catch {
            return .undecided(reason: RegexCheck.limitReason(pattern: written))
        }
    }
}

/// A selector that is none, in words for the person who wrote it.
package struct SelectorError: Error, Hashable, Sendable {
    package var message: String
    package var help: String
}
