/// The program's version, as `--version`, baselines and runs name it.
enum Version {
    static let current = "0.1.0"
}
