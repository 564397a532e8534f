package ernie4j.training.data;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of kinds of prompts, so that evaluations can tell how well each kind is answered: {@code
 * 北京奥运会的举办时间} is about 举办时间, {@code founder of Apple} is about founder, and the order of options
 * does not matter.
 */
public final class ExtractionLabels {
  private static final Pattern OPTIONS = Pattern.compile("\\[([^\\[\\]]*)\\]$");

  private ExtractionLabels() {}

  /**
   * Determines what a prompt asks for. A name that contains 的 is treated as a question about an
   * earlier answer, as in the reference, since nothing in the prompt tells the two apart.
   *
   * @param prompt a prompt of an example
   * @return the kind of the prompt; options are sorted
   */
  public static String of(String prompt) {
    Matcher options = OPTIONS.matcher(prompt);
    if (!options.find()) {
      return name(prompt);
    }
    String[] sorted = options.group(1).split(",", -1);
    Arrays.sort(sorted);
    return name(prompt.substring(0, options.start()))
        + "[%s]".formatted(String.join(",", List.of(sorted)));
  }

  private static String name(String prompt) {
    int english = prompt.indexOf(" of ");
    if (english > 0) {
      return prompt.substring(0, english);
    }
    int chinese = prompt.lastIndexOf('的');
    return chinese > 0 && chinese < prompt.length() - 1 ? prompt.substring(chinese + 1) : prompt;
  }
}
