package ernie4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * The shell blocks of the documents: the program accepts every command line and lacks nothing but
 * the reader's files, every script exists, so does everything that Maven is told to build, and
 * lines that need no file are run.
 */
class DocumentedShellTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^ *```(?:sh|bash|shell)\\n(.*?)^ *```$");

  /** A word as the shell reads it: with parts in quotes, or a separator. */
  private static final Pattern WORD =
      Pattern.compile("(?:\"[^\"]*\"|'[^']*'|[^\\s\"';|&>]|>(?=\\())+|\\|\\|?|&&?|;|>");

  private static final Pattern VARIABLE = Pattern.compile(" *(\\w+)=\"([^\"]*)\"");

  private static final Set<String> OURS = Set.of("./ernie4j", "ernie4j", "bin/ernie4j");
  private static final Set<String> MAVEN = Set.of("mvn", "./mvnw");

  /** Commands that need no file: they use the bundled model or describe the program. */
  private static final Set<String> RUNNABLE =
      Set.of("parse", "tokenize", "inspect", "models", "completion", "help");

  /**
   * Commands that read files which no checkout has. Others would use the network, start a service
   * or write into the working folder.
   */
  private static final Set<String> NEEDS_FILES =
      Set.of(
          "train",
          "evaluate",
          "compress",
          "predict",
          "calibrate",
          "distill",
          "split-dialogues",
          "convert",
          "convert-annotations",
          "export",
          "extract",
          "answer",
          "tag",
          "classify");

  /** A command in a document. */
  record Line(Path document, List<String> words) {
    @Override
    public String toString() {
      return document + ": " + String.join(" ", words);
    }
  }

  private static List<Line> lines() throws IOException {
    List<Line> lines = new ArrayList<>();
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"));
        Stream<Path> templates = Files.walk(ROOT.resolve(".github"))) {
      List<Path> documents =
          Stream.of(top, docs, templates)
              .flatMap(files -> files)
              .filter(file -> file.toString().endsWith(".md"))
              .sorted()
              .toList();
      for (Path document : documents) {
        for (MatchResult block : BLOCK.matcher(Files.readString(document)).results().toList()) {
          for (String line : withValues(block.group(1).replaceAll("\\\\\\n\\s*", " "))) {
            commands(line).forEach(words -> lines.add(new Line(ROOT.relativize(document), words)));
          }
        }
      }
    }
    return lines;
  }

  /** The lines of a block, with the values of the variables that lines before them assign. */
  private static List<String> withValues(String block) {
    Map<String, String> values = new HashMap<>();
    List<String> lines = new ArrayList<>();
    for (String each : block.lines().toList()) {
      Matcher assignment = VARIABLE.matcher(each);
      if (assignment.matches()) {
        values.put(assignment.group(1), assignment.group(2));
      }
      String line = each;
      for (Map.Entry<String, String> value : values.entrySet()) {
        line = line.replace("$" + value.getKey(), value.getValue());
      }
      lines.add(line);
    }
    return lines;
  }

  /** The commands of a line, without the variables before and the redirections after them. */
  private static List<List<String>> commands(String line) {
    List<List<String>> commands = new ArrayList<>();
    List<String> command = new ArrayList<>();
    boolean redirected = false;
    for (MatchResult match : WORD.matcher(line.replaceAll("(^|\\s)#.*", "")).results().toList()) {
      String word = match.group();
      if (Set.of("|", "||", "&", "&&", ";").contains(word)) {
        commands.add(command);
        command = new ArrayList<>();
        redirected = false;
      } else if (word.equals(">")) {
        redirected = true;
      } else if (redirected) {
        redirected = false;
      } else if (!command.isEmpty() || !word.matches("\\w+=.*")) {
        command.add(word.replaceAll("[\"']", ""));
      }
    }
    commands.add(command);
    commands.removeIf(List::isEmpty);
    return commands;
  }

  @Test
  void readsALineAsTheShellDoes() {
    assertThat(commands("A=b ./ernie4j x --schema '{\"a\": [\"b c\"]}' > out | grep y  # or z"))
        .containsExactly(List.of("./ernie4j", "x", "--schema", "{a: [b c]}"), List.of("grep", "y"));
    assertThat(commands("# nothing")).isEmpty();
  }

  @Test
  void programAcceptsEveryLine() throws IOException {
    int read = 0;
    for (Line line : lines()) {
      if (!OURS.contains(line.words.get(0)) || isSketch(line)) {
        continue;
      }
      String[] words = line.words.subList(1, line.words.size()).toArray(String[]::new);
      CommandLine command = Main.commandLine(new Main(), words);
      command.setCaseInsensitiveEnumValuesAllowed(true);
      assertThatCode(() -> command.parseArgs(words)).as(line.toString()).doesNotThrowAnyException();
      read++;
    }
    assertThat(read).as("lines that call the program").isGreaterThan(20);
  }

  /** Dots and variables stand for something that the reader fills in. */
  private static boolean isSketch(Line line) {
    return line.words.stream()
        .anyMatch(word -> word.equals("...") || word.equals("…") || word.startsWith("$"));
  }

  @Test
  void runsLinesThatNeedNoFile() throws IOException {
    int run = 0;
    for (Line line : lines()) {
      boolean ours = OURS.contains(line.words.get(0)) && !isSketch(line);
      if (!ours
          || line.words.size() < 2
          || !RUNNABLE.contains(line.words.get(1))
          || line.words.contains("--model")
          || namesAModel(line)) {
        continue;
      }
      CommandLineRun result =
          CommandLineRun.withInput("", line.words.subList(1, line.words.size()).toArray());
      assertThat(result.code()).as("%s: %s", line, result.err()).isZero();
      run++;
    }
    assertThat(run).as("lines that were run").isPositive();
  }

  /**
   * Lines that need files of the reader's fail because these are missing, and for no other reason:
   * options are checked, also together, before anything is read.
   */
  @Test
  void otherLinesLackOnlyFiles() throws IOException {
    int run = 0;
    for (Line line : lines()) {
      if (!OURS.contains(line.words.get(0)) || isSketch(line) || line.words.size() < 2) {
        continue;
      }
      List<String> words = line.words.subList(1, line.words.size());
      if (!NEEDS_FILES.contains(words.get(0))) {
        continue;
      }
      CommandLineRun result = CommandLineRun.withInput("", words.toArray());
      assertThat(result.err())
          .as(line.toString())
          .containsAnyOf("there is no such file", "cannot write, there is no folder");
      assertThat(result.code()).as("%s: %s", line, result.err()).isEqualTo(1);
      run++;
    }
    assertThat(run).as("lines that were run").isGreaterThan(40);
  }

  private static boolean namesAModel(Line line) {
    return line.words.get(1).equals("inspect")
        && line.words.stream().skip(2).anyMatch(word -> !word.startsWith("-"));
  }

  @Test
  void scriptsExist() throws IOException {
    for (Line line : lines()) {
      String command = line.words.get(0);
      if (command.matches("(\\./)?[\\w.-]+(/[\\w.-]+)*")
          && command.contains("/")
          && !OURS.contains(command)) {
        assertThat(ROOT.resolve(command)).as(line.toString()).isExecutable();
      }
    }
  }

  @Test
  void mavenModulesAndProfilesExist() throws IOException {
    int read = 0;
    for (Line line : lines()) {
      if (!MAVEN.contains(line.words.get(0)) || isSketch(line)) {
        continue;
      }
      read++;
      Path pom = ROOT.resolve("pom.xml");
      for (int i = 1; i < line.words.size(); i++) {
        String word = line.words.get(i);
        String next = i + 1 < line.words.size() ? line.words.get(i + 1) : "";
        if (word.equals("-f")) {
          pom = ROOT.resolve(next);
          assertThat(pom).as(line.toString()).isRegularFile();
        } else if (word.equals("-pl")) {
          for (String module : Arrays.asList(next.split(","))) {
            assertThat(pom.resolveSibling(module).resolve("pom.xml")).as(line.toString()).exists();
          }
        } else if (word.matches("-P.+")) {
          String poms = Files.readString(pom);
          for (String profile : Arrays.asList(word.substring(2).split(","))) {
            assertThat(poms).as(line.toString()).contains("<id>" + profile + "</id>");
          }
        }
      }
    }
    assertThat(read).as("lines that call Maven").isPositive();
  }
}
