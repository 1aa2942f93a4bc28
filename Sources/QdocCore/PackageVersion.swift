/// The version of the package, the same for the program and its children.
public enum PackageVersion {
    public static let number = "0.1.0"
}
