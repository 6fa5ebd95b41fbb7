/// The files of the web page, as they were when the program was built.
enum PageFiles {
  /// What may be loaded and run: the page's own files and nothing else, so that what a model writes stays text.
  static let policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

  /// Every file with its path; a test compares them with the folder.
  static let all: [(path: String, bytes: [UInt8])] = [
    ("/icon.svg", PackageResources.icon_svg),
    ("/index.html", PackageResources.index_html),
    ("/page.css", PackageResources.page_css),
    ("/page.js", PackageResources.page_js),
    ("/page/answering.js", PackageResources.answering_js),
    ("/page/code.js", PackageResources.code_js),
    ("/page/colours.js", PackageResources.colours_js),
    ("/page/composer.js", PackageResources.composer_js),
    ("/page/controls.css", PackageResources.controls_css),
    ("/page/conversation.js", PackageResources.conversation_js),
    ("/page/days.js", PackageResources.days_js),
    ("/page/dialogs.css", PackageResources.dialogs_css),
    ("/page/dom.js", PackageResources.dom_js),
    ("/page/events.js", PackageResources.events_js),
    ("/page/fields.css", PackageResources.fields_css),
    ("/page/files.js", PackageResources.files_js),
    ("/page/frame.js", PackageResources.frame_js),
    ("/page/inline.js", PackageResources.inline_js),
    ("/page/keyboard.js", PackageResources.keyboard_js),
    ("/page/links.js", PackageResources.links_js),
    ("/page/markdown.css", PackageResources.markdown_css),
    ("/page/markdown.js", PackageResources.markdown_js),
    ("/page/message.js", PackageResources.message_js),
    ("/page/messages.css", PackageResources.messages_css),
    ("/page/models.js", PackageResources.models_js),
    ("/page/notices.js", PackageResources.notices_js),
    ("/page/paragraph.js", PackageResources.paragraph_js),
    ("/page/preferences.js", PackageResources.preferences_js),
    ("/page/report.js", PackageResources.report_js),
    ("/page/requests.js", PackageResources.requests_js),
    ("/page/settings.js", PackageResources.settings_js),
    ("/page/sidebar.css", PackageResources.sidebar_css),
    ("/page/sidebar.js", PackageResources.sidebar_js),
    ("/page/store.js", PackageResources.store_js),
    ("/page/streamed.js", PackageResources.streamed_js),
    ("/page/table.js", PackageResources.table_js),
    ("/page/theme.js", PackageResources.theme_js),
    ("/page/transcript.js", PackageResources.transcript_js),
    ("/page/welcome.js", PackageResources.welcome_js),
  ]

  /// The media type of a path.
  static func type(of path: String) -> String {
    switch path.split(separator: ".").last {
    case "html": "text/html; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "svg": "image/svg+xml"
    default: "application/octet-stream"
    }
  }
}
