/// The words by which a sentence is built and which say nothing of its subject, for each language that has stems: what is left out of a description of a
/// subject before documents are looked for. (Indexed they are, and found when they are all that is asked for, or in quotes.)
///
/// English is Snowball's list; the others are Snowball's without those forms of verbs that are also names of things (estado, été, son in English …).
public enum FunctionWords {
  /// The language whose function words a row of folded words has most of, in the order English, French, Spanish, Russian, Arabic when several have as many;
  /// nil when none is there.
  public static func language(of words: [[UInt8]]) -> String? {
    var best: (code: String, count: Int)?
    for (code, list) in lists {
      let count = words.count { list.contains($0) }
      if count > best?.count ?? 0 { best = (code, count) }
    }
    return best?.code
  }

  /// A language's, folded.
  public static func words(_ language: String) -> Set<[UInt8]> { lists.first { $0.code == language }?.words ?? [] }

  /// Whether a folded word is one of a language's (ISO 639-1).
  public static func contains(_ word: [UInt8], _ language: String) -> Bool { words(language).contains(word) }

  private static let lists: [(code: String, words: Set<[UInt8]>)] = [
    ("en", english), ("fr", french), ("es", spanish), ("ru", russian), ("ar", arabic),
  ].map { code, text in (code, Set(text.split(whereSeparator: \.isWhitespace).flatMap { Analyzer().terms(String($0)) })) }

  private static let english = """
    i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself they them their theirs
    themselves what which who whom this that these those am is are was were be been being have has had having do does did doing would should could ought
    a an the and but if or because as until while of at by for with about against between into through during before after above below to from up down in
    out on off over under again further then once here there when where why how all any both each few more most other some such no nor not only own same
    so than too very can cannot will must shall s t d ll m o re ve
    """
  private static let french = """
    au aux avec ce ces cet cette celui celle ceux celles dans de des du elle elles en et eux il ils je la le les leur leurs lui ma mais me mes moi nos
    notre nous on ou par pas pour qu que qui quel quelle quels quelles sa sans se ses si sur ta te tes toi tu un une vos votre vous c d j l m n s t y a
    ai as avons avez ont est sont suis sommes etait etaient sera seront soit ete etre avoir fut plus tres ainsi comme donc dont entre ni
    """
  private static let spanish = """
    de la que el en y a los del se las por un para con no una su al lo como mas pero sus le ya o este si porque esta entre cuando muy sin sobre tambien
    me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos e esto mi antes algunos unos yo otro otras otra el
    tanto esa estos mucho quienes nada muchos cual poco ella estar estas algunas algo nosotros es son era eran fue fueron ser sido ha han habia
    """
  private static let russian = """
    и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от меня еще нет о из ему теперь когда даже ну
    вдруг ли если уже или ни быть был него до вас нибудь опять уж вам ведь там потом себя ничего ей может они тут где есть надо ней для мы тебя их чем
    была сам чтоб без будто чего раз тоже себе под будет ж тогда кто этот того потому этого какой совсем ним здесь этом один почти мой тем чтобы нее были
    куда зачем всех никогда можно при наконец об другой хоть после над больше тот через эти нас про всего них какая много эту моя этой перед им более
    всегда всю между
    """
  private static let arabic = """
    في من على إلى الى عن مع هذا هذه ذلك تلك التي الذي الذين ان أن إن كان كانت هو هي هم ما لا لم لن أو و ثم قد كل بعد قبل بين حتى عند منذ غير أي كما لكن
    """
}
