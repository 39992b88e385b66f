/// What this release is called.
public enum Release {
  /// The version of the library and of the command.
  public static let version = "0.1.0"
}
