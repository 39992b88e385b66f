import Files

/// Text from a file, in double quotes, escaped and cut so that a message stays one short line.
///
/// At most `limit` Unicode scalars of the text are taken.
package func quoted(_ text: String, limit: Int = 64) -> String {
  "\"\(shortened(text, limit: limit))\""
}

/// The same without quotes, for dotted names such as `os.system`.
package func shortened(_ text: String, limit: Int = 64) -> String {
  // Cutting scalars, not characters: one character may be any number of combining marks.
  let scalars = text.unicodeScalars
  guard scalars.count > limit else { return Escaping.text(text) }
  return Escaping.text(String(String.UnicodeScalarView(scalars.prefix(limit)))) + "..."
}

/// Sizes as they are read aloud: `256 x 131`; a scalar has none.
package func spelled(_ shape: [Int]) -> String {
  guard !shape.isEmpty else { return "a scalar" }
  let shown = shape.prefix(8).map(String.init).joined(separator: " x ")
  return shape.count > 8 ? shown + " x ..." : shown
}
