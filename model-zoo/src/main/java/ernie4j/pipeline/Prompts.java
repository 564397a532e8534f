package ernie4j.pipeline;

/** The prompts of a schema's names, as UIE was trained on them. */
final class Prompts {
  private Prompts() {}

  /** The prompt of a name that is asked about a text. */
  static String of(String name) {
    return halfWidth(name);
  }

  /**
   * The prompt of a name that is asked about an answer.
   *
   * @param answer its text
   */
  static String of(String name, String answer, boolean english) {
    if (!english) {
      return halfWidth(answer + "的" + name);
    }
    if (!hasOptions(name)) {
      return halfWidth(name + " of " + answer);
    }
    int bracket = Math.max(0, name.indexOf('[', 1));
    String asked = name.substring(0, bracket).strip();
    return halfWidth(asked + " of " + answer + " " + name.substring(name.indexOf('[')));
  }

  /** Whether a prompt ends with options, of which one is the answer. */
  static boolean hasOptions(String prompt) {
    return prompt.endsWith("]") && prompt.indexOf('[') >= 0;
  }

  /**
   * Converts full-width forms of ASCII characters to ASCII; keeps the ideographic space, as in the
   * original.
   */
  static String halfWidth(String text) {
    StringBuilder half = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      half.append(c >= '\uff01' && c <= '\uff5e' ? (char) (c - 0xfee0) : c);
    }
    return half.toString();
  }
}
