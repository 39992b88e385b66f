import Testing

@testable import Files

@Suite struct PathTextTests {
  @Test(
    arguments: [
      [], Array("plain.nii".utf8), Array("größe.nii".utf8), [0x63, 0x61, 0x66, 0xE9],
      Array(0x01...0xFF), [0xF4, 0x8F, 0xBE, 0x80], [0xF4, 0x8F, 0xBF, 0xBF, 0x41],
      [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xE2, 0x82], [0xF0, 0x9F, 0x98, 0x80, 0xF0, 0x9F],
    ] as [[UInt8]])
  func everyNameSurvives(bytes: [UInt8]) {
    #expect(PathText.bytes(PathText.string(bytes)) == bytes)
  }

  @Test func differentNamesStayDifferent() {
    let names: [[UInt8]] = [
      [0x80], [0x81], [0xF4, 0x8F, 0xBE, 0x80], [0xC2, 0x80], [0xEF, 0xBF, 0xBD],
    ]
    #expect(Set(names.map { PathText.string($0) }).count == names.count)
  }

  @Test func pathsAreSplitAtTheLastSlash() {
    #expect(PathText.split("a/b/c.nii") == ("a/b", "c.nii"))
    #expect(PathText.split("c.nii") == (".", "c.nii"))
    #expect(PathText.split("/c.nii") == ("/", "c.nii"))
    #expect(PathText.split("a/") == ("a", ""))
  }

  @Test func temporaryNamesAreHiddenAndFitTheFileSystem() {
    #expect(TemporaryFile.path(beside: "a/b.nii.gz") == "a/.b.nii.gz.arssr-tmp")
    #expect(TemporaryFile.path(beside: "/b.nii") == "/.b.nii.arssr-tmp")
    let long = String(repeating: "x", count: 251) + ".nii"
    let other = String(repeating: "x", count: 250) + "y.nii"
    #expect(PathText.split(TemporaryFile.path(beside: long)).name.utf8.count <= 255)
    #expect(TemporaryFile.path(beside: long) != TemporaryFile.path(beside: other))
  }
}

@Suite struct EscapingTests {
  @Test(arguments: [
    ("plain größe.nii", "plain größe.nii"), ("a\n\u{1B}[31mb.nii", "a\\n\\x1b[31mb.nii"),
    ("back\\slash", "back\\\\slash"), ("\u{202E}gnp.nii", "\\u{202e}gnp.nii"),
    ("a\u{2066}b\u{2069}", "a\\u{2066}b\\u{2069}"), ("\r\t\u{7F}\0", "\\r\\t\\x7f\\x00"),
    ("\u{85}\u{2028}", "\\u{85}\\u{2028}"),
  ])
  func unprintableCharactersAreShown(text: String, expected: String) {
    #expect(Escaping.path(text) == expected)
    #expect(Escaping.text(text) == expected)
  }

  @Test func invalidBytesAreShown() {
    #expect(Escaping.path(PathText.string([0x63, 0xE9, 0x2E])) == "c\\xe9.")
    #expect(Escaping.text(bytes: [0x63, 0xFF, 0x00, 0x41]) == "c\\xff")
  }

  @Test func longTextLosesItsMiddle() {
    let exact = String(repeating: "a", count: 200)
    #expect(Escaping.text(exact) == exact)
    let text = "begin" + String(repeating: "\n", count: 5000) + "end"
    let escaped = Escaping.text(text)
    #expect(escaped.utf8.count <= 200)
    #expect(escaped.hasPrefix("begin\\n") && escaped.hasSuffix("\\nend") && escaped.contains("…"))
    let wide = Escaping.text(String(repeating: "€", count: 300))
    #expect(wide.utf8.count <= 200 && wide.utf8.count > 190)
  }
}

@Suite struct StringReplacingTests {
  /// Scalars are compared: as characters, two that stand for the same are equal.
  @Test(arguments: [
    ("a\u{600}<b", "a\u{600}&lt;b"), ("<\u{301}", "&lt;\u{301}"), ("<<", "&lt;&lt;"),
    ("größe", "größe"), ("", ""),
  ])
  func anASCIICharacterIsFoundBesideAnything(text: String, expected: String) {
    let found = text.replacing(ascii: UInt8(ascii: "<"), with: "&lt;")
    #expect(Array(found.unicodeScalars) == Array(expected.unicodeScalars))
  }
}

@Suite struct ByteSizeTests {
  @Test(arguments: [
    (0, "0 bytes"), (592, "592 bytes"), (1024, "1.0 KiB"), (60_051_808, "57.3 MiB"),
    (1_048_575, "1.0 MiB"), (Int.max, "8.0 EiB"),
  ])
  func sizesArePrinted(bytes: Int, expected: String) {
    #expect(ByteSize.text(bytes) == expected)
  }

  @Test(
    arguments: [
      ("0", 0), ("1024", 1024), ("4G", 4 << 30), ("1.5k", 1536), ("2MiB", 2 << 20),
      ("3mb", 3 << 20),
      ("1T", 1 << 40), ("", nil), ("-1", nil), ("1e3", nil), ("4 G", nil), ("G", nil),
      ("99999999999999T", nil), ("0x10", nil), ("nan", nil), ("50%", nil),
    ] as [(String, Int?)])
  func sizesAreParsed(text: String, expected: Int?) {
    #expect(ByteSize.parse(text) == expected)
  }
}

@Suite struct SHA256DigestTests {
  /// FIPS 180-4 examples.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func checksumsAreTheStandards(text: String, expected: String) {
    var bytes = Array(text.utf8)
    #expect(bytes.withUnsafeBytes { SHA256Digest(of: $0).hexadecimal } == expected)
    var inPieces = SHA256Digest()
    for _ in bytes.indices {
      let copy = inPieces
      [bytes.removeFirst()].withUnsafeBytes { inPieces.update($0) }
      // A copy keeps its own state.
      #expect(copy.hexadecimal != inPieces.hexadecimal)
    }
    #expect(inPieces.hexadecimal == expected)
  }
}
