import Files

/// A report as one HTML file that needs nothing else: the page of `Page/` with its data inside.
public enum ReportPage {
  /// Puts data into the page.
  ///
  /// - Parameters:
  ///   - title: Plain text.
  ///   - data: A JSON object as `Page/` reads it.
  /// - Returns: The bytes of the file.
  public static func document(title: String, data: String) -> [UInt8] {
    let parts = [
      "title": escaped(title), "style": text(PackageResources.page_css), "script": script,
      "data": embedded(data),
    ]
    // Pieces alternate between the page and names of parts.
    let pieces = text(PackageResources.page_html).split(
      separator: "{{", omittingEmptySubsequences: false)
    var document: [UInt8] = Array((pieces.first ?? "").utf8)
    for piece in pieces.dropFirst() {
      let halves = piece.split(separator: "}}", maxSplits: 1, omittingEmptySubsequences: false)
      guard halves.count == 2, let part = parts[String(halves[0])] else {
        preconditionFailure("page.html asks for \(halves[0])")
      }
      document += Array(part.utf8)
      document += Array(halves[1].utf8)
    }
    return document
  }

  /// Data, or a part of them, as they stand in a page.
  ///
  /// - Parameter data: JSON.
  /// - Returns: The same without the only character by which text could end the element that it stands in.
  public static func embedded(_ data: String) -> String {
    data.replacing(ascii: UInt8(ascii: "<"), with: "\\u003c")
  }

  private static let script = [
    PackageResources.images_js, PackageResources.viewer_js, PackageResources.charts_js,
    PackageResources.profile_js, PackageResources.sections_js,
  ].map(text).joined(separator: "\n")

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func escaped(_ text: String) -> String {
    text.replacing(ascii: UInt8(ascii: "&"), with: "&amp;")
      .replacing(ascii: UInt8(ascii: "<"), with: "&lt;")
  }
}
