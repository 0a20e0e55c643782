/// Every type of check there is: a new one is a file of its own and a line here.
package enum CheckRegistry {
    package static let types: [any Check.Type] = [
        EqualsCheck.self,
        ContainsCheck.self,
        CaseInsensitiveContainsCheck.self,
        ContainsAnyCheck.self,
        CaseInsensitiveContainsAnyCheck.self,
        ContainsAllCheck.self,
        CaseInsensitiveContainsAllCheck.self,
        StartsWithCheck.self,
        EndsWithCheck.self,
        RegexCheck.self,
        LengthCheck.self,
        RefusalCheck.self,
        NumberCheck.self,
        ChoiceCheck.self,
        EditSimilarityCheck.self,
        TokenF1Check.self,
        RougeCheck.self,
        BLEUCheck.self,
        CHRFCheck.self,
        EmbeddingSimilarityCheck.self,
        IsJSONCheck.self,
        JSONSchemaCheck.self,
        JSONPathCheck.self,
        JSONEqualsCheck.self,
        CSVCheck.self,
        CodeFenceCheck.self,
        XMLCheck.self,
        HTMLCheck.self,
        SQLCheck.self,
        ToolCallsCheck.self,
        ToolCallF1Check.self,
        FinishReasonCheck.self,
        LatencyCheck.self,
        TimeToFirstTokenCheck.self,
        CostCheck.self,
        TokensCheck.self,
        JudgeCheck.self,
        JudgePairwiseCheck.self,
        HumanCheck.self,
        CommandCheck.self,
        AllOfCheck.self,
        AnyOfCheck.self,
        NoneOfCheck.self,
    ]

    /// The families that have a check, in the order of the reference page.
    package static let families: [(family: CheckDocumentation.Family, types: [any Check.Type])] =
        CheckDocumentation.Family.allCases.map { family in (family, types.filter { $0.documentation.family == family }) }
        .filter { !$0.types.isEmpty }

    package static let names = Set(types.map { $0.type })

    private static let byName = Dictionary(types.map { ($0.type, $0) }, uniquingKeysWith: { first, _ in first })

    package static func check(named name: String) -> (any Check.Type)? { byName[name] }
}
