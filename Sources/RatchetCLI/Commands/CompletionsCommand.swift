import ArgumentParser
import RatchetCore

/// `ratchet completions`
struct CompletionsCommand: ContextCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Print the completions of a shell: bash, zsh or fish.",
        discussion: """
            bash: ratchet completions bash > ~/.local/share/bash-completion/completions/ratchet
            zsh: ratchet completions zsh > a folder of $fpath, as _ratchet
            fish: ratchet completions fish > ~/.config/fish/completions/ratchet.fish
            """)

    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    @Argument(help: "The shell.") var shell: Shell

    func run(_ context: Context) async throws -> ExitCode {
        let shell: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        context.output(Root.completionScript(for: shell) + "\n")
        return .passed
    }
}
