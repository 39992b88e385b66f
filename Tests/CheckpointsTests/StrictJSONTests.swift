import Testing

@testable import Checkpoints

@Suite("Strict JSON")
struct StrictJSONTests {
  private func parse(_ text: String, depth: Int = 64, values: Int = 1000) throws -> JSONValue {
    try StrictJSON.parse(
      Array(text.utf8), limits: StrictJSON.Limits(bytes: 1 << 20, depth: depth, values: values))
  }

  private func string(_ text: String) throws -> String? {
    guard case .string(let value) = try parse(text) else { return nil }
    return value
  }

  @Test func objectsKeepTheOrderOfTheFile() throws {
    guard case .object(let object) = try parse(#" { "b" : [1, 2] , "a" : { } } "#) else {
      Issue.record("not an object")
      return
    }
    #expect(object.keys == ["b", "a"])
    #expect(object["a"] == .object(JSONObject()))
  }

  @Test(arguments: [
    (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\u0000""#, "é\u{0}"),
    (#""\ud83d\ude00""#, "\u{1F600}"), (#""héllo""#, "héllo"),
  ])
  func escapesAreDecoded(text: String, expected: String) throws {
    #expect(try string(text) == expected)
  }

  @Test(arguments: [
    "", " ", "{", "[1,]", "{\"a\":1,}", "{'a':1}", "nul", "truex", "01", "-", "1.", ".5", "1e",
    "+1",
    "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a\nb\"", "[1] 2",
    "// 1", "NaN", "Infinity", "\u{FEFF}1",
  ])
  func otherTextsAreRefused(text: String) {
    #expect(throws: JSONFault.self) { try parse(text) }
  }

  @Test(arguments: [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xFF], [0xC3], [0xF5, 0x80, 0x80, 0x80]])
  func otherBytesThanUTF8AreRefused(bytes: [Int]) {
    let text = [0x22] + bytes.map { UInt8($0) } + [0x22]
    #expect(throws: JSONFault.notUTF8) { try StrictJSON.parse(text) }
  }

  @Test func keysAreComparedAfterUnescaping() {
    #expect(throws: JSONFault.duplicateKey("a")) { try parse(#"{"a":1,"\u0061":2}"#) }
    #expect(throws: JSONFault.duplicateKey("b")) { try parse(#"[{"a":{"b":1,"b":1}}]"#) }
  }

  @Test func depthAndNumberOfValuesAreLimited() throws {
    #expect(throws: JSONFault.tooDeep(limit: 3)) { try parse("[[[[1]]]]", depth: 3) }
    _ = try parse("[[[1]]]", depth: 3)
    #expect(throws: JSONFault.tooManyValues(limit: 3)) { try parse("[1,2,3]", values: 3) }
    _ = try parse("[1,2]", values: 3)
  }

  @Test func numbersAreIntegersOnlyIfWrittenSo() throws {
    func number(_ text: String) throws -> JSONNumber? {
      guard case .number(let number) = try parse(text) else { return nil }
      return number
    }
    #expect(try number("16")?.integer == 16)
    #expect(try number("-3")?.integer == -3)
    #expect(try number("16.0")?.integer == nil)
    #expect(try number("1.6e1")?.integer == nil)
    #expect(try number("1.6e1")?.double == 16)
    #expect(try number("18446744073709551615")?.unsigned == .max)
    #expect(try number("18446744073709551616")?.unsigned == nil)
    #expect(try number("1e400")?.double == nil)
  }

  @Test func writtenStringsAreReadBack() throws {
    let text = "a\"\\/\u{1}\u{1F}\n\té\u{1F600}\u{2028}"
    #expect(try string(JSONText.string(text)) == text)
    #expect(JSONText.object(["b": "2", "a": "1"]) == #"{"a":"1","b":"2"}"#)
  }

  @Test func nearestNamesForgiveTwoEdits() {
    let known = ["epochs", "learningRate", "seed"]
    #expect(NearestName.find("epohcs", among: known) == "epochs")
    #expect(NearestName.find("learnigrate", among: known) == "learningRate")
    #expect(NearestName.find("temperature", among: known) == nil)
  }
}
