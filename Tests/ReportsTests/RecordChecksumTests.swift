import Testing

@testable import Reports

@Suite struct RecordChecksumTests {
  /// The check value of CRC-32C, and the examples of RFC 3720, appendix B.4.
  @Test func theSumIsThatOfCastagnolisPolynomial() {
    #expect(RecordChecksum.cyclic("123456789".utf8) == 0xE306_9283)
    #expect(RecordChecksum.cyclic([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(RecordChecksum.cyclic([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
    #expect(RecordChecksum.cyclic((0..<32).map { UInt8($0) }) == 0x46DD_794E)
  }

  /// The example of the encoding's documentation: field 1 as 150, field 2 as "testing".
  @Test func messagesAreEncodedAsDocumented() {
    var message = ProtobufMessage()
    message.add(1, integer: 150)
    #expect(message.bytes == [0x08, 0x96, 0x01])
    message = ProtobufMessage()
    message.add(2, text: "testing")
    #expect(message.bytes == [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67])
  }
}
