/// The numbers of a run's calls.
///
/// A question, which is a part of the schema asked about a window, has its number whatever comes of the others. Calls that ask again follow
/// those of all questions.
struct CallNumbers: Sendable {
    /// Of the run, also those whose pages failed.
    var windows: Int
    /// That the schema is asked for in.
    var parts = 1
    /// How often each question is asked again at most.
    var maxRepairs: Int

    /// - Parameters:
    ///   - window: From 1.
    ///   - part: From 0.
    func question(window: Int, part: Int) -> Int { (window - 1) * parts + part + 1 }

    /// The part that a call asks for, from 0: the same of all calls that ask again.
    static func part(of call: Int, among parts: Int) -> Int { (call - 1) % parts }

    func followUps(of question: Int) -> [Int] { (0..<maxRepairs).map { question + windows * parts * ($0 + 1) } }
}
