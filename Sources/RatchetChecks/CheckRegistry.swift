/// Every type of check there is: a new one is a file of its own and a line here.
package enum CheckRegistry {
    package static let types: [any Check.Type] = [
        EqualsCheck.self,
        ContainsCheck.self,
        CaseInsensitiveContainsCheck.self,
        StartsWithCheck.self,
        RegexCheck.self,
        LengthCheck.self,
        IsJSONCheck.self,
        JSONSchemaCheck.self,
        JSONPathCheck.self,
        JSONEqualsCheck.self,
        CSVCheck.self,
        CodeFenceCheck.self,
        XMLCheck.self,
        HTMLCheck.self,
        SQLCheck.self,
        JudgeCheck.self,
        AllOfCheck.self,
        AnyOfCheck.self,
        NoneOfCheck.self,
    ]

    package static let names = Set(types.map { $0.type })

    private static let byName = Dictionary(types.map { ($0.type, $0) }, uniquingKeysWith: { first, _ in first })

    package static func check(named name: String) -> (any Check.Type)? { byName[name] }
}
