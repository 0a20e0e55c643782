// Runs the suites in a folder that is laid out as the public test suites are, one folder a suite, and says what came of
// each: `make conformance DIR=…`. Exits with 1 when a case failed or there was none, with 2 for bad arguments.

import Conformance
import Foundation

guard CommandLine.arguments.count == 2 else {
    print("usage: ratchet-conformance DIR")
    exit(2)
}
let root = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true)
let names = ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).sorted()
guard !names.isEmpty else {
    print("there is nothing in \(root.path)")
    exit(2)
}

func column(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: " ", count: max(0, 8 - text.count)) + text
}

func line(_ title: String, _ tally: ConformanceTally) -> String {
    title.padding(toLength: 40, withPad: " ", startingAt: 0)
        + [tally.total, tally.passed, tally.failures.count, tally.skipped.count].map(column).joined()
}

print("suite".padding(toLength: 40, withPad: " ", startingAt: 0) + "   total  passed  failed skipped")
var sum = ConformanceTally()
var details: [String] = []
for suite in ConformanceSuite.all where names.contains(suite.folder) {
    let tally = await suite.run(in: root.appendingPathComponent(suite.folder))
    print(line(suite.title, tally))
    details += tally.failures.map { "FAILED  \(suite.folder): \($0.name)\n        \($0.reason)" }
    let reasons = Dictionary(grouping: tally.skipped, by: \.reason)
    details += reasons.sorted { $0.key < $1.key }.map { "SKIPPED \(suite.folder): \($0.value.count) cases: \($0.key)" }
    sum.passed += tally.passed
    sum.failures += tally.failures
    sum.skipped += tally.skipped
}
print(line("all", sum))
if !details.isEmpty { print("\n" + details.joined(separator: "\n")) }
let known = Set(ConformanceSuite.all.map(\.folder))
let others = names.filter { !known.contains($0) && !$0.hasPrefix(".") }
if !others.isEmpty { print("\nnot run, no suite is known by these names: \(others.joined(separator: ", "))") }
if sum.total == 0 { print("\nno case was found") }
exit(sum.failures.isEmpty && sum.total > 0 ? 0 : 1)
