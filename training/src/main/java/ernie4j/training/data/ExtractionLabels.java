package ernie4j.training.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of kinds of prompts, so that evaluations can tell how well each kind is answered: {@code
 * 北京奥运会的举办时间} is about 举办时间, {@code founder of Apple} is about founder, and the order of options
 * does not matter.
 *
 * <p>Nothing in a prompt tells {@code 北京的人口} from {@code 目的地}, which is a name as a whole. The
 * texts do: an earlier answer, such as 北京, occurs in every text that answers the prompt. (The
 * reference takes every prompt that contains 的 for a question about an earlier answer.)
 */
public final class ExtractionLabels {
  private static final Pattern OPTIONS = Pattern.compile("\\[([^\\[\\]]*)\\]$");
  private static final String ENGLISH = " of ";

  private ExtractionLabels() {}

  /** A way to read a prompt: as a question about an earlier answer, the subject. */
  private record Reading(String subject, String type) {}

  /**
   * Determines what prompts ask for.
   *
   * @param examples prompts with the texts that they are asked about
   * @return the kind of every prompt that occurs, with sorted options
   */
  public static Map<String, String> of(List<ExtractionExample> examples) {
    Map<String, List<Reading>> answered = new HashMap<>();
    Map<String, List<Reading>> asked = new HashMap<>();
    for (ExtractionExample example : examples) {
      keepThoseAbout(example, asked);
      if (!example.answers().isEmpty()) {
        keepThoseAbout(example, answered);
      }
    }
    Set<String> types = new HashSet<>();
    answered.values().forEach(splits -> splits.stream().limit(1).forEach(s -> types.add(s.type)));
    Map<String, String> kinds = new HashMap<>();
    asked.forEach(
        (prompt, about) -> {
          List<Reading> known = answered.get(prompt);
          kinds.put(prompt, kind(prompt, known != null ? known : unanswered(prompt, about, types)));
        });
    return kinds;
  }

  private static void keepThoseAbout(
      ExtractionExample example, Map<String, List<Reading>> byPrompt) {
    byPrompt
        .computeIfAbsent(example.prompt(), ExtractionLabels::splits)
        .removeIf(split -> !example.content().contains(split.subject));
  }

  /** A prompt without answers may be about something from another text; then its type decides. */
  private static List<Reading> unanswered(String prompt, List<Reading> splits, Set<String> types) {
    List<Reading> known = splits(prompt);
    known.removeIf(split -> !types.contains(split.type));
    return known.isEmpty() ? splits : known;
  }

  private static String kind(String prompt, List<Reading> splits) {
    Matcher options = OPTIONS.matcher(prompt);
    String sorted = "";
    if (options.find()) {
      String[] all = options.group(1).split(",", -1);
      Arrays.sort(all);
      sorted = "[" + String.join(",", all) + "]";
    }
    return (splits.isEmpty() ? name(prompt) : splits.get(0).type) + sorted;
  }

  private static String name(String prompt) {
    Matcher options = OPTIONS.matcher(prompt);
    return options.find() ? prompt.substring(0, options.start()) : prompt;
  }

  /** All ways to split the name of a prompt, the one with the longest subject first. */
  private static List<Reading> splits(String prompt) {
    String name = name(prompt);
    List<Reading> splits = new ArrayList<>();
    int english = name.indexOf(ENGLISH);
    for (; english > 0; english = name.indexOf(ENGLISH, english + 1)) {
      String subject = name.substring(english + ENGLISH.length());
      splits.add(new Reading(subject, name.substring(0, english)));
    }
    for (int at = name.lastIndexOf('的'); at > 0; at = name.lastIndexOf('的', at - 1)) {
      if (at < name.length() - 1) {
        splits.add(new Reading(name.substring(0, at), name.substring(at + 1)));
      }
    }
    splits.removeIf(split -> split.subject.isEmpty());
    return splits;
  }
}
