import Checkpoints
import Foundation
import TestSupport
import Testing

@testable import Networks

@Suite("Conversion of models")
struct ConversionTests {
  private static func source() throws -> Checkpoint {
    try Checkpoint.load(
      path: Golden.folder("arssr").appendingPathComponent("weights/rdn_odd.pkl").path)
  }

  private static func load(_ file: SafetensorsFile) throws -> Checkpoint {
    try file.bytes.withUnsafeBytes { try Checkpoint.load($0, path: "out.safetensors") }
  }

  @Test func tensorsStayAndTheCardIsInside() throws {
    let source = try Self.source()
    var conversion = ModelConversion(programVersion: "0.1.0")
    conversion.card = ["arssr.residual": "trilinear", "arssr.licence": "CC0-1.0"]
    conversion.settings = [(key: "arssr.residual", value: "bspline3")]
    conversion.name = "Odd"
    let file = try conversion.convert(source).file
    let converted = try Self.load(file)
    #expect(try ArSSRNetwork(checkpoint: converted).variants.residual == .bspline3)
    #expect(converted.tensors == source.tensors.sorted { $0.name < $1.name })
    #expect(converted.metadata["format"] == "pt")
    #expect(converted.metadata["arssr.format"] == "1")
    #expect(converted.metadata["arssr.arch"] == "arssr")
    #expect(converted.metadata["arssr.encoder"] == "RDN")
    #expect(converted.metadata["arssr.tensors.sha256"] == file.tensorsSHA256)
    let card = try ModelCard(converted, of: Network(checkpoint: converted))
    #expect(card.title == "Odd")
    #expect(card.licence == "CC0-1.0")
  }

  @Test func sameInputAndOptionsGiveTheSameBytes() throws {
    let source = try Self.source()
    let conversion = ModelConversion(programVersion: "0.1.0")
    #expect(try conversion.convert(source).file.bytes == conversion.convert(source).file.bytes)
  }

  @Test func provenanceNamesSourceProgramAndDateIfGiven() throws {
    let source = try Self.source()
    let undated = try ModelConversion(programVersion: "0.1.0").convert(source).file
    let dated = try ModelConversion(programVersion: "0.1.0", sourceDate: 951_827_401)
      .convert(source).file
    let text = try #require(undated.metadata["arssr.provenance"])
    #expect(
      text
        == #"{"container":"torch zip","converter":"arssr 0.1.0","source":"rdn_odd.pkl","#
        + #""sourceSHA256":"\#(source.fileSHA256)"}"#)
    #expect(
      dated.metadata["arssr.provenance"]?.contains("\"date\":\"2000-02-29T12:30:01Z\"") == true)
  }

  @Test func provenanceOfAConvertedFileIsKept() throws {
    let first = try ModelConversion(programVersion: "0.1.0").convert(Self.source()).file
    let second = try ModelConversion(programVersion: "0.2.0").convert(Self.load(first)).file
    #expect(
      second.metadata["arssr.provenance"]?.contains(
        #""before":{"container":"torch zip","converter":"arssr 0.1.0""#) == true)
  }

  @Test(arguments: [
    ("arssr.residul", "none", "config.unknown"), ("arssr.residual", "cubic", "config.value"),
    ("arssr.tensors.sha256", String(repeating: "0", count: 64), "config.value"),
    ("residual", "none", "config.unknown"),
  ])
  func badSettingsNameTheirKey(key: String, value: String, code: String) throws {
    var conversion = ModelConversion(programVersion: "0.1.0")
    conversion.settings = [(key: key, value: value)]
    let error = #expect(throws: NetworkError.self) { try conversion.convert(Self.source()) }
    #expect(error?.code == code)
    #expect(error?.subject == key)
  }

  @Test func misspeltKeyGetsTheNearestOne() {
    #expect(throws: NetworkFault.metadataKey("arssr.residul", nearest: "arssr.residual")) {
      try ModelConversion.check("arssr.residul", "none")
    }
  }

  @Test func metadataAreLimited() throws {
    var conversion = ModelConversion(programVersion: "0.1.0")
    conversion.card = ["arssr.citation": String(repeating: "x", count: 65_537)]
    let error = #expect(throws: NetworkError.self) { try conversion.convert(Self.source()) }
    #expect(error?.message.contains("at most 65536") == true)
  }

  @Test func cardsAreObjectsOfKnownStrings() throws {
    #expect(
      try CardFile.parse(Array(#"{"arssr.licence":"CC0-1.0"}"#.utf8)) == [
        "arssr.licence": "CC0-1.0"
      ])
    #expect(throws: JSONFault.self) { try CardFile.parse(Array(#"{"arssr.licence":1}"#.utf8)) }
    #expect(throws: JSONFault.self) { try CardFile.parse(Array("[]".utf8)) }
    #expect(throws: NetworkFault.self) { try CardFile.parse(Array(#"{"licence":"x"}"#.utf8)) }
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (951_827_401, "2000-02-29T12:30:01Z"),
    (1_769_846_709, "2026-01-31T08:05:09Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
    (253_402_300_799, "9999-12-31T23:59:59Z"), (-1, "1969-12-31T23:59:59Z"),
  ])
  func datesAreCivil(seconds: Int, text: String) {
    #expect(UTCTime.text(secondsSince1970: seconds) == text)
  }

  @Test func sourceDateIsSecondsOrRefused() throws {
    #expect(try SourceDate.read([:]) == nil)
    #expect(try SourceDate.read(["SOURCE_DATE_EPOCH": "12"]) == 12)
    #expect(throws: NetworkFault.self) { try SourceDate.read(["SOURCE_DATE_EPOCH": "-1"]) }
    #expect(throws: NetworkFault.self) { try SourceDate.read(["SOURCE_DATE_EPOCH": "now"]) }
  }

  @Test(arguments: [
    ArSSRVariants.Condition.none, .psf(default: 0.5), .deconvolution(lambda: 0.015, default: 0.25),
  ])
  func variantsAndTheirMetadataAreInverse(_ condition: ArSSRVariants.Condition) {
    let variants = ArSSRVariants(
      finalReLU: false, residual: .bspline3, padding: .border, coordinates: .relative,
      condition: condition, normalisation: "minmax")
    #expect(ArSSRVariants(metadata: variants.metadata) == variants)
    for (key, value) in variants.metadata {
      #expect(throws: Never.self) { try MetadataKey(rawValue: key)?.check(value) }
    }
    #expect(ArSSRVariants().metadata.isEmpty)
  }
}
