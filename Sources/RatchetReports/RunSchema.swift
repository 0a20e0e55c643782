import RatchetCore
import RatchetGate
import RatchetJSON

/// The JSON Schema (2020-12) of `ratchet.run/1`. Keys may be added to the format, and none is ever renamed or dropped: readers should
/// put up with ones that they do not know.
package enum RunSchema {
    package static let schema: JSONValue = [
        "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "ratchet.run/1", "title": "A run of Ratchet", "type": "object",
        "required": ["format", "run", "exit", "suites"],
        "properties": [
            "format": ["const": "ratchet.run/1"], "run": text, "exit": exit, "notes": texts, "partial": ["type": "boolean"],
            "concurrency": list(["account": text, "time": number, "from": integer, "to": integer, "reason": text]),
            "suites": ["type": "array", "items": suite],
            "diagnostics": list(["severity": text, "file": text, "line": integer, "column": integer, "message": text, "help": text]),
        ],
    ]

    private static let text: JSONValue = ["type": ["string", "null"]]
    private static let texts: JSONValue = ["type": "array", "items": ["type": "string"]]
    private static let number: JSONValue = ["type": ["number", "null"]]
    private static let integer: JSONValue = ["type": ["integer", "null"]]
    private static let truth: JSONValue = ["type": ["boolean", "null"]]

    private static func object(_ properties: JSONObject) -> JSONValue { ["type": ["object", "null"], "properties": .object(properties)] }
    private static func list(_ properties: JSONObject) -> JSONValue { ["type": "array", "items": object(properties)] }

    private static let exit: JSONValue = [
        "type": "object", "required": ["code", "name", "all"],
        "properties": ["code": ["enum": .array(ExitCode.allCases.map { .int(Int($0.rawValue)) })], "name": text, "all": texts],
    ]

    private static let delta: JSONObject = [
        "value": number, "low": number, "high": number, "level": number, "p": number, "pairs": integer, "would_have_seen": number,
        "robust_p": number, "alpha": number, "failed": truth, "adjusted_p": number, "passes": integer,
    ]

    private static let slice: JSONObject = {
        var slice = delta
        slice["tag"] = text
        slice["gating"] = truth
        slice["override"] = text
        return slice
    }()

    private static let quantiles = object(["p50": number, "p95": number])

    private static let metrics = object([
        "calls": integer, "cached": integer, "judge_calls": integer, "input_tokens": integer, "output_tokens": integer, "cost_usd": number,
        "cached_tokens": integer, "cached_cost_usd": number, "control_calls": integer, "control_cost_usd": number, "spent_usd": number,
        "unpriced_calls": integer, "judge_cost_usd": number, "latency_ms": quantiles, "ttft_ms": quantiles,
    ])

    private static let stop = object(["looked": integer, "scheduled": integer, "log_e": number])

    private static let transitions = object([
        "lost": texts, "won": texts, "regressed": texts, "probable": texts, "flaky": texts, "unconfirmed": texts, "new": texts, "missing": texts,
        "incomparable": texts, "overridden": texts, "known_failing_passed": texts,
    ])

    private static let suite: JSONValue = [
        "type": "object", "required": ["suite", "target", "basis", "counts", "transitions", "examples"],
        "properties": [
            "suite": text, "target": text, "prompt": text, "trials": integer,
            "basis": object([
                "kind": ["enum": ["baseline", "run", "no-baseline", "ungated"]], "name": text, "trials": integer, "date": text, "pass_rate": number,
            ]),
            "policy": text, "seed": ["type": "string"], "failed_rules": rules,
            "counts": object(["examples": integer, "passed": integer, "failed": integer, "errored": integer, "unscored": integer]),
            "transitions": transitions, "pass_rate": object(["value": number, "low": number, "high": number, "level": number, "scored": integer]),
            "delta": object(delta), "slices": list(slice), "effort": text, "alpha_budget": number, "alpha_spent": number, "order": text,
            "unproven": number, "broken_seen": number,
            "confirmation": object([
                "suspects": integer, "trials": integer, "controls": integer, "certain_log_e": number, "pooled_log_e": number,
                "pooled_certain_log_e": number,
            ]),
            "early_stop": stop, "early_pass": stop, "drift": object(["examples": integer, "control": text, "log_e": number, "shown": truth]),
            "metric_results": list([
                "metric": text, "basis": text, "now": number, "before": number, "ratio": number, "ratio_low": number, "ratio_high": number,
                "difference": number, "difference_low": number, "difference_high": number, "limit": number, "p": number, "gating": truth,
                "failed": truth, "override": text,
            ]),
            "weakenings": list(["kind": text, "example": text, "detail": text, "override": text]),
            "differences": list(["kind": text, "before": text, "now": text]),
            "overrides": list(["file": text, "status": text, "reason": text, "expires": text, "detail": text]),
            "judges": ["type": "array", "items": ["type": "object"]], "metrics": metrics, "failure_kinds": ["type": "object"],
            "examples": ["type": "array", "items": example],
        ],
    ]

    private static let rules: JSONValue = ["type": "array", "items": ["enum": .strings(GateRule.allCases.map(\.rawValue))]]

    private static let example: JSONValue = [
        "type": "object", "required": ["id", "state", "verdict", "trials"],
        "properties": [
            "id": ["type": "string"], "state": ["enum": .strings(TrialState.allCases.map(\.rawValue))],
            "verdict": ["enum": .strings(ExampleVerdict.allCases.map(\.rawValue))], "before": text, "now": text, "failed_rules": rules,
            "log_e": number, "control": text, "note": text, "override": text,
            "trials": list([
                "draw": text, "state": ["enum": .strings(TrialState.allCases.map(\.rawValue))], "output": text,
                "tool_calls": ["type": "array", "items": ["type": "object"]], "finish_reason": text, "error": text, "cached": truth,
                "checks": list([
                    "name": text, "type": text, "state": ["enum": ["passed", "failed", "errored", "unscored", "not_applicable"]], "score": number,
                    "gating": truth, "reason": text, "failure_kind": text,
                ]),
            ]),
        ],
    ]
}
