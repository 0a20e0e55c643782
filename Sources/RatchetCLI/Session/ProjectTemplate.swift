/// The project that `ratchet init` writes: it runs at once, without a model and without a key.
enum ProjectTemplate {
    static let files: [(path: String, text: String)] = [
        ("ratchet.yaml", configuration), ("prompts/welcome/1.0.0.md", prompt), ("suites/welcome/suite.yaml", suite),
        ("suites/welcome/examples.jsonl", examples),
    ]

    private static let configuration = """
        # How ratchet behaves in this project. Commit this file; keys never stand in it.
        version: 1

        backends:
          # Answers with the rendered prompt: for trying checks without a model.
          echo: {kind: echo}
          # Any server that speaks OpenAI's chat completions. The key is read from the named environment variable:
          # openai: {kind: openai, base_url: "https://api.openai.com/v1", api_key_env: OPENAI_API_KEY}
          # Answers recorded with: ratchet run --record recordings/welcome.jsonl
          # recorded: {kind: replay, file: recordings/welcome.jsonl}

        defaults:
          target: echo/prompt      # backend/model, for example openai/gpt-4o-mini
          trials: 1                # answers asked for each example; models that vary want a baseline of 5

        """

    private static let prompt = """
        ---
        version: 1.0.0
        description: Greets a new customer by name and says how to get help
        params: {temperature: 0, max_tokens: 200}
        ---
        system:
        You write for {{shop}}. Keep it under 60 words. Mention that help@{{domain}} answers within one day.

        user:
        Write a welcome to {{name}}, who just bought: {{product}}.

        """

    private static let suite = """
        # What is tested, and the checks that every example gets besides its own.
        prompt: welcome@1.0.0
        checks:
          - length: {words: {max: 60}}
            name: short
          - not: true
            contains: "{{"
            name: no-unfilled-variable
        gate:
          # The echo backend always answers the same, so every lost example is a regression. With a real model take this
          # out: the statistical policy tells a regression from a model's ordinary wavering.
          policy: strict

        """

    /// One example a line; `id` is the join key of everything and never changes.
    private static let examples = #"""
        {"id":"names-the-customer","input":{"shop":"Linden Books","domain":"linden.example","name":"Ada","product":"a field guide"},"expected":"Ada","checks":["contains"],"tags":["tone"]}
        {"id":"says-how-to-get-help","input":{"shop":"Linden Books","domain":"linden.example","name":"Tom","product":"two notebooks"},"checks":[{"regex":{"pattern":"help@linden\\.example","flags":"i"},"name":"help-address"},{"contains":"one day"}],"tags":["support"]}
        {"id":"names-the-product","input":{"shop":"Linden Books","domain":"linden.example","name":"Ines","product":"a globe"},"expected":["a globe","the globe"],"checks":["icontains"],"tags":["tone"]}
        {"id":"other-shop","input":{"shop":"Harbour Tea","domain":"harbour.example","name":"Ben","product":"green tea"},"checks":[{"contains":"Harbour Tea"},{"regex":"help@harbour\\.example"}],"tags":["support"]}

        """#
}
