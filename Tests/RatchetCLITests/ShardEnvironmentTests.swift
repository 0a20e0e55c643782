import RatchetCore
import Testing

@testable import RatchetCLI

@Suite("What schedulers say of shards")
struct ShardEnvironmentTests {
    @Test(
        "each scheduler's variables name a part",
        arguments: [
            (["CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "4"], "1/4"),
            (["CI_NODE_INDEX": "4", "CI_NODE_TOTAL": "4"], "4/4"),
            (["BUILDKITE_PARALLEL_JOB": "0", "BUILDKITE_PARALLEL_JOB_COUNT": "4"], "1/4"),
            (["CIRCLE_NODE_INDEX": "3", "CIRCLE_NODE_TOTAL": "4"], "4/4"),
            (["JOB_COMPLETION_INDEX": "9", "RATCHET_SHARDS": "10"], "10/10"),
            (["SLURM_ARRAY_TASK_ID": "0", "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_COUNT": "16"], "1/16"),
            (["SLURM_ARRAY_TASK_ID": "16", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_COUNT": "16"], "16/16"),
            (
                ["SLURM_ARRAY_TASK_ID": "8", "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_STEP": "4"],
                "3/4"
            ),
            // GitLab says how many there are of a job that is not parallel.
            (["CI_NODE_TOTAL": "1", "CIRCLE_NODE_INDEX": "0", "CIRCLE_NODE_TOTAL": "1"], "1/1"),
            (["CI_NODE_INDEX": "", "BUILDKITE_PARALLEL_JOB": "1", "BUILDKITE_PARALLEL_JOB_COUNT": "2"], "2/2"),
        ])
    func found(variables: [String: String], shard: String) throws {
        #expect(try ShardRequest.auto.shard(in: variables).description == shard)
    }

    @Test(
        "what names no part is refused with 64 and the variable",
        arguments: [
            ([:], "SLURM_ARRAY_TASK_ID"),
            (["CI_NODE_INDEX": "1"], "CI_NODE_TOTAL is not"),
            (["CI_NODE_INDEX": "5", "CI_NODE_TOTAL": "4"], "CI_NODE_INDEX=5, CI_NODE_TOTAL=4"),
            (["CI_NODE_INDEX": "0", "CI_NODE_TOTAL": "4"], "CI_NODE_INDEX=0"),
            (["CIRCLE_NODE_INDEX": "one", "CIRCLE_NODE_TOTAL": "4"], "CIRCLE_NODE_INDEX is \"one\""),
            (["JOB_COMPLETION_INDEX": "2"], "RATCHET_SHARDS is not"),
            (["SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_MIN": "1", "SLURM_ARRAY_TASK_COUNT": "3"], "SLURM_ARRAY_TASK_ID=7"),
            (
                ["SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_MIN": "0", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_STEP": "0"],
                "SLURM_ARRAY_TASK_STEP=0"
            ),
            (["SLURM_ARRAY_TASK_ID": "9223372036854775807", "SLURM_ARRAY_TASK_MIN": "-9", "SLURM_ARRAY_TASK_COUNT": "3"], "no number"),
        ])
    func refused(variables: [String: String], words: String) throws {
        let error = #expect(throws: DiagnosticsError.self) { try ShardRequest.auto.shard(in: variables) }
        #expect(error?.diagnostics.first?.exitCode == .usage)
        #expect(error?.diagnostics.first?.message.contains(words) == true)
    }

    @Test("a part can be named, and what is none is refused")
    func named() {
        #expect(ShardRequest(argument: "2/3") == Shard(index: 2, count: 3).map(ShardRequest.shard))
        #expect(ShardRequest(argument: "auto") == .auto)
        #expect(ShardRequest(argument: "3/2") == nil)
    }
}
