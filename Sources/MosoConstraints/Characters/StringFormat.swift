/// The values of the keyword `format` that are enforced, as patterns of whole texts.
enum StringFormat {
  /// Formats that the standard names and that no automaton can enforce.
  static let unsupported: Set<String> = ["regex"]

  /// The pattern of a format; `nil` for a name that the standard does not know, which is an annotation.
  static func pattern(of name: String) -> String? {
    switch name {
    case "date": date
    case "time": time
    case "date-time": "(?:\(date))T(?:\(time))"
    case "duration": duration
    case "email", "idn-email": email
    case "hostname", "idn-hostname": hostname
    case "ipv4": ipv4
    case "ipv6": ipv6
    case "uuid": "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
    case "uri", "iri": "\(scheme)\(hierarchical)\(query)"
    case "uri-reference", "iri-reference", "uri-template": "(?:\(scheme))?(?:\(relative))?\(query)"
    case "json-pointer": "(?:/\(pointerToken))*"
    case "relative-json-pointer": "(?:0|[1-9][0-9]{0,8})(?:#|(?:/\(pointerToken))*)"
    default: nil
    }
  }

  /// Days that exist: years of four digits without a zero in front, 29 February in leap years only.
  private static let date = {
    let year = "[1-9][0-9]{3}"
    let leapYear = "(?:[1-9][0-9](?:0[48]|[2468][048]|[13579][26])|(?:[2468][048]|[13579][26])00)"
    let any = "(?:0[1-9]|1[0-9]|2[0-8])"
    let thirty = "(?:0[13-9]|1[0-2])-(?:29|30)"
    let thirtyOne = "(?:0[13578]|1[02])-31"
    return "\(year)-(?:(?:0[1-9]|1[0-2])-\(any)|\(thirty)|\(thirtyOne))|\(leapYear)-02-29"
  }()

  /// RFC 3339, without leap seconds, which only some minutes have.
  private static let time =
    "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"

  /// RFC 3339, appendix A: weeks stand alone, and no unit between two others is left out.
  private static let duration = {
    let number = "[0-9]{1,9}"
    let time = "T(?:\(number)H(?:\(number)M(?:\(number)S)?)?|\(number)M(?:\(number)S)?|\(number)S)"
    let days = "\(number)D"
    let months = "\(number)M(?:\(days))?"
    return "P(?:\(number)W|(?:\(number)Y(?:\(months))?|\(months)|\(days))(?:\(time))?|\(time))"
  }()

  /// RFC 5321 without quoted local parts and address literals, which mailboxes of people do not have.
  private static let email = {
    let atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,20}"
    return "\(atom)(?:\\.\(atom)){0,2}@\(label)(?:\\.\(label)){1,3}"
  }()

  /// RFC 1123: the labels are shorter than allowed so that the whole cannot be too long.
  private static let hostname = "\(label)(?:\\.\(label)){0,6}"
  private static let label = "[A-Za-z0-9](?:[A-Za-z0-9]|-[A-Za-z0-9]){0,15}"

  private static let octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
  private static let ipv4 = "(?:\(octet)\\.){3}\(octet)"

  /// RFC 4291: eight groups, or fewer around one `::`; the last two may be written as an IPv4 address.
  private static let ipv6 = {
    let group = "[0-9a-fA-F]{1,4}"
    let last = "(?:\(group):\(group)|\(ipv4))"
    var forms = ["(?:\(group):){6}\(last)", "::(?:\(group):){5}\(last)"]
    for before in 1...5 {
      let front = before == 1 ? "(?:\(group))?" : "(?:(?:\(group):){0,\(before - 1)}\(group))?"
      forms.append("\(front)::" + (before == 5 ? last : "(?:\(group):){\(5 - before)}\(last)"))
    }
    forms.append("(?:(?:\(group):){0,5}\(group))?::\(group)")
    forms.append("(?:(?:\(group):){0,6}\(group))?::")
    return forms.joined(separator: "|")
  }()

  // RFC 3986. Square brackets are left out, as they are only for addresses in numbers.
  private static let escaped = "%[0-9A-Fa-f]{2}"
  private static let pathCharacter = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|\(escaped))"
  private static let scheme = "[A-Za-z][A-Za-z0-9+.-]{0,20}:"
  private static let authority = "(?:(?:[A-Za-z0-9._~!$&'()*+,;=-]|\(escaped))*(?::[0-9]{1,4})?)"
  private static let hierarchical =
    "(?://\(authority)(?:/\(pathCharacter)*)*|/(?:\(pathCharacter)+(?:/\(pathCharacter)*)*)?|\(pathCharacter)+(?:/\(pathCharacter)*)*)"
  private static let relative =
    "(?://\(authority)(?:/\(pathCharacter)*)*|/(?:\(pathCharacter)+(?:/\(pathCharacter)*)*)?|(?:[A-Za-z0-9._~!$&'()*+,;=@-]|\(escaped))+(?:/\(pathCharacter)*)*)"
  private static let query = "(?:\\?(?:\(pathCharacter)|[/?])*)?(?:#(?:\(pathCharacter)|[/?])*)?"

  private static let pointerToken = "(?:[^~/]|~[01])*"
}
