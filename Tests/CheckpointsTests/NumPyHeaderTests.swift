import Testing

@testable import Checkpoints

@Suite("Headers of NumPy arrays")
struct NumPyHeaderTests {
  /// An array of format 1 with this dictionary and these bytes behind it.
  static func array(_ dictionary: String, _ values: [UInt8] = []) -> [UInt8] {
    let text = Array((dictionary + "\n").utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count % 256), UInt8(text.count / 256)]
      + text + values
  }

  private static func header(_ bytes: [UInt8]) throws(NumPyFault) -> NumPyHeader {
    try bytes.withUnsafeBufferPointer { bytes throws(NumPyFault) in
      try NumPyHeader(UnsafeRawBufferPointer(bytes))
    }
  }

  @Test func keysMayStandInAnyOrderAndBothQuotes() throws {
    let bytes = Self.array(
      "{\"shape\": (2, 1), 'fortran_order': False, 'descr': '|u1'}", [7, 9])
    let header = try Self.header(bytes)
    #expect(header.shape == [2, 1])
    #expect(header.elementType == .uint8)
    #expect(bytes.withUnsafeBytes { header.floats(in: $0) } == [7, 9])
  }

  /// Element [i][j] of a Fortran array of sizes 2 x 3 lies at i + 2 j.
  @Test func fortranOrderAndBigEndianAreUndone() throws {
    let values = (0..<6).flatMap { [UInt8(0), UInt8($0)] }
    let bytes = Self.array(
      "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }", values)
    let header = try Self.header(bytes)
    #expect(bytes.withUnsafeBytes { header.floats(in: $0) } == [0, 2, 4, 1, 3, 5])
  }

  @Test(arguments: [
    "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1), }",
    "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } #",
    "{'descr': '<f4' if 1 else '', 'fortran_order': False, 'shape': (1,), }",
    "",
  ])
  func anythingButADictionaryOfThreeKeysIsRefused(text: String) {
    let error = #expect(throws: NumPyFault.self) {
      try Self.header(Self.array(text, [0, 0, 0, 0]))
    }
    guard case .grammar? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(arguments: [
    ("'|O', 'fortran_order': False, 'shape': (1,), }", NumPyFault.objects),
    ("'<c8', 'fortran_order': False, 'shape': (1,), }", .elementType("<c8")),
    ("'<f4', 'fortran_order': False, 'shape': (-1,), }", .negativeSize),
    ("'<f4', 'fortran_order': False, 'shape': (0, 4611686018427387904, 4), }", .shapeOverflow),
    ("'<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", .shapeOverflow),
    ("'<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 1), }", .rank),
    ("'<f4', 'fortran_order': False, 'shape': (2,), }", .length(needed: 8, has: 4)),
    ("'<f4', 'fortran_order': False, 'shape': (), }", .length(needed: 4, has: 5)),
  ])
  func whatCannotBeReadIsNamed(rest: String, fault: NumPyFault) {
    let values = [UInt8](repeating: 0, count: fault == .length(needed: 4, has: 5) ? 5 : 4)
    let error = #expect(throws: NumPyFault.self) {
      try Self.header(Self.array("{'descr': " + rest, values))
    }
    #expect(error == fault)
  }
}
