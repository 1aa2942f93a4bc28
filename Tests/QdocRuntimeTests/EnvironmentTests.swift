import QdocRuntime
import Testing

@Suite("Environment")
struct EnvironmentTests {
    @Test("A variable that is empty counts as unset")
    func empty() {
        let environment = Environment(["A": "1", "B": ""])
        #expect(environment["A"] == "1")
        #expect(environment["B"] == nil && environment["C"] == nil)
    }

    @Test("The process's own is read")
    func own() {
        #expect(Environment.current["PATH"]?.contains("/bin") == true)
    }
}
