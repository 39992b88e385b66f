import Files

/// The settings in force and where each comes from: part of `arssr.info/1`.
struct SettingsInformation {
  private let listing: [(key: AnyOptionKey, text: String, origin: SettingOrigin)]

  init(_ settings: Settings) {
    listing = settings.listing(
      command: "upsample", keys: OptionCatalogue.common + OptionCatalogue.upsample)
  }

  var text: String {
    let width = (listing.map(\.text.count).max() ?? 0) + 2
    return Columns.text(
      listing.map { entry in
        let padding = String(repeating: " ", count: width - entry.text.count)
        return (
          entry.key.settingsKey,
          Escaping.text(entry.text) + padding + Escaping.path(entry.origin.text)
        )
      })
  }

  var json: JSON {
    .array(
      listing.map { entry in
        .object([
          ("key", .string(entry.key.settingsKey)), ("value", .string(entry.text)),
          ("origin", .string(entry.origin.text)),
        ])
      })
  }
}
