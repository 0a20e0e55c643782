/// For paths without `match` and `search`: the engine for those lies in another module.
package struct NoRegularExpressions: JSONRegexEngine {
    package init() {}

    package func compile(_ pattern: String, dialect: JSONRegexDialect) throws(JSONRegexError) -> any JSONRegex {
        throw JSONRegexError(message: "regular expressions can't be used here")
    }

    package func accepts(_ pattern: String, dialect: JSONRegexDialect) -> Bool { false }
}
