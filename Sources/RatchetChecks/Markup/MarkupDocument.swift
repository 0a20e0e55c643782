internal import CLibXML2
import RatchetCore

/// A parsed XML or HTML document, and what XPath finds in it.
///
/// The text is not trusted: nothing is loaded from anywhere, a document type declaration that declares something ends
/// the parsing (so no entity is ever expanded and no attribute comes by default), and depth and size are bounded.
final class MarkupDocument {
    private let document: xmlDocPtr

    /// The largest text, in bytes.
    static let largestText = 10_000_000
    /// How deep elements may nest.
    static let deepest = 500
    /// Steps of one XPath evaluation.
    private static let stepLimit: UInt = 10_000_000
    /// Bytes of text that one path may select in all.
    private static let largestSelection = 64 << 20

    /// Why a text is no document.
    struct Failure: Error {
        var message: String
        /// From 1; `nil` when it is about the whole.
        var line: Int?
        /// Whether a limit was reached, and not a mistake.
        var isLimit = false
        /// Whether parsing was stopped for it.
        var isStop = false

        static var tooDeep: Failure { Failure(message: "elements nest deeper than \(deepest) levels", isLimit: true, isStop: true) }
    }

    /// What an XPath expression gives.
    enum Selection {
        /// The texts of the selected nodes.
        case nodes([String])
        case boolean(Bool)
        case number(Double)
        case text(String)
    }

    private init(_ document: xmlDocPtr) { self.document = document }

    deinit { xmlFreeDoc(document) }

    // MARK: Parsing

    /// Parses XML, which has to be well-formed. Space around the document is no part of it, though XML wants its
    /// declaration at the very start.
    static func xml(_ text: String) throws(Failure) -> MarkupDocument {
        try prepare(text)
        guard let context = xmlNewParserCtxt() else { throw Failure(message: "out of memory", isLimit: true) }
        defer { xmlFreeParserCtxt(context) }
        let watch = ParserWatch(context)
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_IGNORE_ENC.rawValue | XML_PARSE_COMPACT.rawValue | XML_PARSE_NOCDATA.rawValue
        var source = TrimmedText.of(text)
        let document = source.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                xmlCtxtReadMemory(context, bytes.baseAddress, Int32(bytes.count), nil, "UTF-8", Int32(options))
            }
        }
        guard let document, context.pointee.wellFormed == 1, watch.failure?.isStop != true else {
            xmlFreeDoc(document)
            var failure = watch.failure ?? Failure(message: "it cannot be parsed")
            let skipped = text.unicodeScalars.prefix { $0.properties.isWhitespace }.count { $0 == "\n" }
            failure.line = failure.line.map { $0 + skipped }
            throw failure
        }
        return MarkupDocument(document)
    }

    /// Parses HTML, which any text is, with its tags made explicit.
    static func html(_ text: String) throws(Failure) -> (document: MarkupDocument, tags: HTMLTags) {
        try prepare(text)
        let tags = HTMLTags.read(text)
        guard !tags.isTooDeep else { throw .tooDeep }
        guard let context = htmlNewParserCtxt() else { throw Failure(message: "out of memory", isLimit: true) }
        defer { htmlFreeParserCtxt(context) }
        let watch = ParserWatch(context)
        let options = HTML_PARSE_NONET.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
            | HTML_PARSE_RECOVER.rawValue | HTML_PARSE_IGNORE_ENC.rawValue | HTML_PARSE_COMPACT.rawValue
        let document = tags.explicit.withUnsafeBytes { bytes in
            htmlCtxtReadMemory(
                context, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), nil, "UTF-8", Int32(options))
        }
        guard let document, watch.failure?.isStop != true else {
            xmlFreeDoc(document)
            throw watch.failure ?? Failure(message: "it cannot be parsed")
        }
        return (MarkupDocument(document), tags)
    }

    /// The library's tables, made before several threads may ask for them at once.
    private static let library: Void = xmlInitParser()

    private static func prepare(_ text: String) throws(Failure) {
        _ = library
        guard text.utf8.count <= largestText else {
            throw Failure(message: "it is larger than \(largestText / 1_000_000) MB", isLimit: true)
        }
        guard !text.utf8.contains(0) else { throw Failure(message: "there is a zero byte in it") }
    }

    // MARK: XPath

    /// What is wrong with an XPath expression; `nil` when it can be evaluated.
    static func problem(withPath path: String, namespaces: [String: String]) -> String? {
        do throws(Failure) {
            _ = try xml("<a/>").select(path, namespaces: namespaces)
            return nil
        } catch {
            return error.message
        }
    }

    /// - Throws: for an expression that is none, and for one that takes too long.
    func select(_ path: String, namespaces: [String: String]) throws(Failure) -> Selection {
        guard let context = xmlXPathNewContext(document) else { throw Failure(message: "out of memory", isLimit: true) }
        defer { xmlXPathFreeContext(context) }
        context.pointee.opLimit = Self.stepLimit
        context.pointee.error = { _, _ in }
        for (prefix, uri) in namespaces { xmlXPathRegisterNs(context, prefix, uri) }
        guard let object = xmlXPathEvalExpression(path, context) else {
            let code = Int(context.pointee.lastError.code) - Int(XML_XPATH_EXPRESSION_OK.rawValue)
            let isLimit = code == Int(XPATH_OP_LIMIT_EXCEEDED.rawValue) || code == Int(XPATH_RECURSION_LIMIT_EXCEEDED.rawValue)
            let message = context.pointee.lastError.message.map { TrimmedText.of(String(cString: $0)) } ?? "it cannot be evaluated"
            throw Failure(message: isLimit ? "it takes too many steps" : message, isLimit: isLimit)
        }
        defer { xmlXPathFreeObject(object) }
        switch object.pointee.type {
        case XPATH_BOOLEAN: return .boolean(object.pointee.boolval != 0)
        case XPATH_NUMBER: return .number(object.pointee.floatval)
        case XPATH_STRING: return .text(object.pointee.stringval.map { Self.text($0) } ?? "")
        default: return .nodes(try Self.texts(of: object.pointee.nodesetval))
        }
    }

    private static func texts(of nodes: xmlNodeSetPtr?) throws(Failure) -> [String] {
        guard let nodes, let table = nodes.pointee.nodeTab else { return [] }
        var texts: [String] = []
        var size = 0
        for place in 0..<Int(nodes.pointee.nodeNr) {
            let text = xmlXPathCastNodeToString(table[place])
            defer { ratchet_xml_free(text) }
            texts.append(text.map { Self.text($0) } ?? "")
            size += texts[place].utf8.count
            guard size <= largestSelection else { throw Failure(message: "it selects more than \(largestSelection >> 20) MB of text", isLimit: true) }
        }
        return texts
    }

    private static func text(_ bytes: UnsafePointer<xmlChar>) -> String {
        String(decoding: UnsafeBufferPointer(start: bytes, count: Int(xmlStrlen(bytes))), as: UTF8.self)
    }
}

/// Stops a parser at declarations and in the depths, and keeps the first mistake that it finds.
private final class ParserWatch {
    private(set) var failure: MarkupDocument.Failure?
    private let context: xmlParserCtxtPtr

    /// - Parameter context: A new parser, which must not outlive the watch.
    init(_ context: xmlParserCtxtPtr) {
        self.context = context
        context.pointee._private = Unmanaged.passUnretained(self).toOpaque()
        guard let handler = context.pointee.sax else { return }
        handler.pointee.entityDecl = { context, _, _, _, _, _ in ParserWatch.of(context)?.stopAtDeclaration() }
        handler.pointee.unparsedEntityDecl = { context, _, _, _, _ in ParserWatch.of(context)?.stopAtDeclaration() }
        handler.pointee.notationDecl = { context, _, _, _ in ParserWatch.of(context)?.stopAtDeclaration() }
        handler.pointee.elementDecl = { context, _, _, _ in ParserWatch.of(context)?.stopAtDeclaration() }
        handler.pointee.attributeDecl = { context, _, _, _, _, _, tree in
            xmlFreeEnumeration(tree)
            ParserWatch.of(context)?.stopAtDeclaration()
        }
        handler.pointee.externalSubset = { _, _, _, _ in }
        // Only HTML's parser calls this one; XML's has a limit of its own.
        handler.pointee.startElement = { context, name, attributes in
            guard let watch = ParserWatch.of(context) else { return }
            if Int(watch.context.pointee.nameNr) > MarkupDocument.deepest { return watch.stop(.tooDeep) }
            xmlSAX2StartElement(context, name, attributes)
        }
        handler.pointee.serror = { context, error in
            guard let error, let watch = ParserWatch.of(context) else { return }
            watch.note(error.pointee)
        }
    }

    /// The watch over the parser that calls back.
    private static func of(_ context: UnsafeMutableRawPointer?) -> ParserWatch? {
        let parser = context?.assumingMemoryBound(to: xmlParserCtxt.self)
        return parser?.pointee._private.map { Unmanaged<ParserWatch>.fromOpaque($0).takeUnretainedValue() }
    }

    private func stopAtDeclaration() {
        stop(MarkupDocument.Failure(message: "its document type declares entities, elements or attributes, which is not allowed", isStop: true))
    }

    private func stop(_ reason: MarkupDocument.Failure) {
        failure = failure?.isStop == true ? failure : reason
        xmlStopParser(context)
    }

    private func note(_ error: xmlError) {
        guard failure == nil, error.level.rawValue >= XML_ERR_ERROR.rawValue, let message = error.message else { return }
        let text = TrimmedText.of(String(cString: message))
        failure = MarkupDocument.Failure(
            message: text, line: error.line > 0 ? Int(error.line) : nil, isLimit: text.contains("XML_PARSE_HUGE"))
    }
}
