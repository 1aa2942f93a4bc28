/// The program's version: the one place where it stands.
public enum Version {
    public static let number = "0.1.0"
}
