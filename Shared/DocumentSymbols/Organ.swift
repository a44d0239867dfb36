/// The principal organs, by the names papers print in several languages.
public enum Organ {
  public static let generalAssembly = "General Assembly"
  public static let securityCouncil = "Security Council"
  public static let economicAndSocialCouncil = "Economic and Social Council"
  public static let trusteeshipCouncil = "Trusteeship Council"
  public static let secretariat = "Secretariat"

  /// The English name of the organ whose name, in any case and in one of six languages, is the whole text.
  public static func name(of text: some StringProtocol) -> String? { text.utf8.count > 96 ? nil : names[text.lowercased()] }

  /// The organ of a symbol's first part: `A` is the General Assembly.
  public static func name(series: some StringProtocol) -> String? {
    switch series {
    case "A": generalAssembly
    case "S": securityCouncil
    case "E": economicAndSocialCouncil
    case "T": trusteeshipCouncil
    case "ST": secretariat
    default: nil
    }
  }

  /// Every printed name with its English one, longest first, so that a line of several names can be cut greedily.
  public static let printedNames: [(printed: String, name: String)] = names.map { ($0.key, $0.value) }
    .sorted { ($0.0.utf8.count, $0.0) > ($1.0.utf8.count, $1.0) }

  private static let names: [String: String] = [
    "general assembly": generalAssembly, "assemblée générale": generalAssembly, "assemblee generale": generalAssembly,
    "asamblea general": generalAssembly,
    "генеральная ассамблея": generalAssembly, "الجمعية العامة": generalAssembly, "大会": generalAssembly,
    "security council": securityCouncil, "conseil de sécurité": securityCouncil, "conseil de securite": securityCouncil,
    "consejo de seguridad": securityCouncil, "совет безопасности": securityCouncil, "مجلس الأمن": securityCouncil, "安全理事会": securityCouncil,
    "economic and social council": economicAndSocialCouncil, "conseil économique et social": economicAndSocialCouncil,
    "conseil economique et social": economicAndSocialCouncil, "consejo económico y social": economicAndSocialCouncil,
    "consejo economico y social": economicAndSocialCouncil, "экономический и социальный совет": economicAndSocialCouncil,
    "المجلس الاقتصادي والاجتماعي": economicAndSocialCouncil, "经济及社会理事会": economicAndSocialCouncil,
    "trusteeship council": trusteeshipCouncil, "conseil de tutelle": trusteeshipCouncil,
    "consejo de administración fiduciaria": trusteeshipCouncil,
    "совет по опеке": trusteeshipCouncil, "مجلس الوصاية": trusteeshipCouncil, "托管理事会": trusteeshipCouncil, "secretariat": secretariat,
    "secrétariat": secretariat, "secretaría": secretariat, "секретариат": secretariat, "الأمانة العامة": secretariat, "秘书处": secretariat,
  ]
}
