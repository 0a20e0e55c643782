import RatchetCore
import RatchetJSON

/// JSON Schemas (2020-12) of the files of a project, for editors: which keys there are, and what a value may be. The keys are those of
/// the readers; what files say about each other is found by `ratchet check` alone.
package enum FileSchema: String, CaseIterable, Sendable {
    case example
    case suite = "suite.yaml"
    case configuration = "ratchet.yaml"
    case override

    /// - Parameter checks: The types of checks, each with what it is for.
    package func schema(checks: [(type: String, summary: String)]) -> JSONValue {
        var schema: JSONObject = ["$schema": "https://json-schema.org/draft/2020-12/schema"]
        let body: JSONObject
        var definitions: JSONObject = [:]
        switch self {
        case .example:
            body = Self.object("An example: one line of a suite's *.jsonl", ExampleReader.keys, Self.exampleValues, required: ["id", "input"])
            definitions = Self.checkDefinitions(checks)
        case .suite:
            body = Self.object("suite.yaml: what is tested, and the checks of every example", SuiteReader.keys, Self.suiteValues)
            definitions = Self.checkDefinitions(checks)
            definitions["gate"] = .object(Self.gate)
        case .configuration:
            body = Self.object("ratchet.yaml: how ratchet behaves in a project", ConfigurationReader.keys, Self.configurationValues, required: ["version"])
            definitions["gate"] = .object(Self.gate)
            definitions["backend"] = Self.backend
        case .override:
            body = Self.object("An override: a person's permission for a regression", OverrideFile.keys, Self.overrideValues, required: ["version", "suite", "kind", "reason"])
        }
        for (key, value) in body.members { schema[key] = value }
        if !definitions.isEmpty { schema["$defs"] = .object(definitions) }
        return .object(schema)
    }

    private static func object(_ title: String, _ keys: [String], _ values: [String: JSONValue], required: [String] = []) -> JSONObject {
        var object: JSONObject = ["title": .string(title), "type": "object", "additionalProperties": false]
        object["properties"] = .object(JSONObject(keys.map { ($0, values[$0] ?? [:]) }))
        if !required.isEmpty { object["required"] = .strings(required) }
        return object
    }

    private static func text(_ description: String) -> JSONValue { ["type": "string", "minLength": 1, "description": .string(description)] }
    private static func share(_ description: String) -> JSONValue {
        ["type": "number", "minimum": 0, "maximum": 1, "description": .string(description)]
    }

    private static let checks: JSONValue = ["type": "array", "items": ["$ref": "#/$defs/check"], "description": "ratchet checks list names them"]
    private static let passWhen: JSONValue = [
        "type": "object", "properties": ["score": ["type": "number", "minimum": 0, "maximum": 1]], "required": ["score"], "additionalProperties": false,
        "description": "Pass by the weighted mean score, and not by every gating check",
    ]
    private static let target: JSONValue = ["type": "string", "pattern": "^[^/]+/.+", "description": "backend/model"]
    private static let params: JSONValue = ["type": "object", "description": "Sampling parameters; sent only when set"]

    private static var exampleValues: [String: JSONValue] {
        [
            "id": text("The join key of runs, baselines and overrides; never changes"),
            "input": ["type": ["string", "object", "array"], "description": "A text, the prompt's variables, or a list of turns"],
            "expected": ["description": "The wanted answer, a list of which any will do, or JSON"],
            "contexts": ["type": "array", "description": "Documents that the answer rests on, each with id and text"],
            "tools": ["type": "object", "description": "Scripted results of the model's tool calls, by tool"], "checks": checks,
            "tags": ["type": "array", "items": ["type": "string", "minLength": 1]],
            "group": text("Examples of one group are counted as a cluster"),
            "must_pass": ["enum": [true, false, "always"], "description": "Fails the gate when it fails; always: in any trial"],
            "known_failing": text("Why it is known to fail"), "pass_when": passWhen, "metadata": ["type": "object"], "source": ["type": "object"],
        ]
    }

    private static var suiteValues: [String: JSONValue] {
        [
            "prompt": ["type": "string", "description": "id@version; without a version the highest"], "target": target, "params": params,
            "checks": checks, "gate": ["$ref": "#/$defs/gate"], "pass_when": passWhen, "description": ["type": "string"],
        ]
    }

    private static var configurationValues: [String: JSONValue] {
        [
            "version": ["const": 1],
            "backends": ["type": "object", "additionalProperties": ["$ref": "#/$defs/backend"], "propertyNames": ["pattern": "^[a-z0-9][a-z0-9_-]*$"]],
            "defaults": .object(
                object(
                    "What holds where nothing else is said", ["target", "trials", "concurrency"],
                    [
                        "target": target, "trials": ["type": "integer", "minimum": 1, "maximum": 1000],
                        "concurrency": ["type": "integer", "minimum": 1, "maximum": 4096],
                    ])),
            "gate": ["$ref": "#/$defs/gate"],
            "cache": .object(object("The response cache", ["max_age"], ["max_age": ["description": "For how long an answer is evidence: 1d, 12h"]])),
            "baseline": .object(object("Baselines", ["output"], ["output": ["type": "boolean", "description": "Whether records keep outputs"]])),
        ]
    }

    private static var overrideValues: [String: JSONValue] {
        [
            "version": ["const": 1], "suite": text("The suite"), "kind": ["enum": ["accept", "tolerate", "quarantine"]],
            "reason": ["type": "string", "minLength": 20, "description": "Why"],
            "examples": ["type": "array", "items": ["type": "string", "minLength": 1]], "checks": ["type": "array", "items": ["type": "string"]],
        ]
    }

    private static var gate: JSONObject {
        object(
            "How a suite is decided", GatePolicyReader.keys,
            [
                "policy": ["enum": .strings(GatePolicy.Kind.allCases.map(\.rawValue))], "effort": ["enum": .strings(GateEffort.allCases.map(\.rawValue))],
                "false_alarms": ["type": "number", "minimum": 0.0001, "maximum": 0.5, "description": "The chance that an unchanged system fails"],
                "min_drop": share("The least fall of the pass rate that fails"), "errored_max": share("Answers that may be missing"),
                "unscored_max": share("Verdicts that may be missing"), "slices": ["type": "array", "description": "Tags whose pass rates may not fall"],
                "metrics": ["type": "object", "propertyNames": ["enum": .strings(Metric.allCases.map(\.rawValue))]],
                "overrides": .object(object("Overrides", ["max_active", "flag_in_ci", "second_person"], [:])),
                "canary": ["type": "integer", "minimum": 0, "maximum": 10_000],
                "require": .object(object("What has to be shown", ["no_worse_than"], ["no_worse_than": share("The drop that has to be ruled out")])),
            ])
    }

    /// One shape a kind, by its key `kind`.
    private static var backend: JSONValue {
        let kinds = BackendReader.kinds.sorted { $0.key < $1.key }.map { kind, keys -> JSONValue in
            .object(object("a backend of kind \(kind)", keys, ["kind": ["const": .string(kind)]], required: ["kind"]))
        }
        return ["type": "object", "required": ["kind"], "oneOf": .array(kinds)]
    }

    /// A check is its type's name, or an object with one type and the keys that all share.
    private static func checkDefinitions(_ checks: [(type: String, summary: String)]) -> JSONObject {
        let common: JSONObject = [
            "name": text("Unique in its example; the type by default"), "not": [:], "weight": ["type": "number", "minimum": 0],
            "threshold": share("The least score that passes"), "gating": ["type": "boolean", "description": "false: reported only"],
            "of": text("Which part of the output is looked at"), "when": text("A check that must have passed first"),
        ]
        var properties = common
        for check in checks { properties[check.type] = ["description": .string(check.summary)] }
        let types = checks.map(\.type)
        let oneType: [JSONValue] = types.map { ["required": [.string($0)]] } + [["required": ["not"], "properties": ["not": ["$ref": "#/$defs/check"]]]]
        let object: JSONValue = [
            "type": "object", "properties": .object(properties), "additionalProperties": false, "anyOf": .array(oneType),
        ]
        let drop: JSONValue = [
            "type": "object", "properties": ["drop": text("The name of a check of the suite that this example goes without")], "required": ["drop"],
            "additionalProperties": false,
        ]
        return ["check": ["anyOf": [["enum": .strings(types)], object, drop]]]
    }
}
