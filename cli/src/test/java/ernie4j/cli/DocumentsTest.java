package ernie4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the documents refer to exists: files, headings, classes. */
class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```(\\w*)\\n(.*?)^ *```$");
  private static final Pattern CLASS = Pattern.compile("public class (\\w+)");

  @TempDir Path folder;

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>();
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> rest = Files.walk(ROOT.resolve("docs"))) {
      Stream.concat(top, rest)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .forEach(file -> documents.add(ROOT.relativize(file)));
    }
    return documents;
  }

  @ParameterizedTest
  @MethodSource("documents")
  void linksLeadToFilesAndHeadings(Path document) throws IOException {
    Path file = ROOT.resolve(document);
    for (String link : all(LINK, withoutBlocks(Files.readString(file)))) {
      if (link.matches("[a-z]+:.*")) {
        continue;
      }
      String[] parts = URLDecoder.decode(link, StandardCharsets.UTF_8).split("#", 2);
      Path target = parts[0].isEmpty() ? file : file.resolveSibling(parts[0]).normalize();
      assertThat(target).as("%s links to %s", document, link).exists().startsWith(ROOT);
      if (parts.length == 2) {
        assertThat(anchors(target)).as("%s links to %s", document, link).contains(parts[1]);
      }
    }
  }

  @Test
  void theIndexNamesEveryDocument() throws IOException {
    Path docs = ROOT.resolve("docs");
    Set<Path> linked = new HashSet<>();
    for (String link : all(LINK, Files.readString(docs.resolve("README.md")))) {
      linked.add(docs.resolve(link).normalize());
    }
    for (Path document : documents()) {
      Path file = ROOT.resolve(document);
      if (file.startsWith(docs) && !file.equals(docs.resolve("README.md"))) {
        assertThat(linked)
            .as("docs/README.md links to %s or, as to decisions, to its folder", document)
            .containsAnyOf(file, file.getParent(), file.resolveSibling("README.md"));
      }
    }
  }

  /** Blocks with a whole class are complete programs; others are pieces. */
  @ParameterizedTest
  @MethodSource("documents")
  void classesCompile(Path document) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    for (MatchResult block :
        BLOCK.matcher(Files.readString(ROOT.resolve(document))).results().toList()) {
      List<String> name = all(CLASS, block.group(2));
      if (!block.group(1).equals("java") || name.isEmpty()) {
        continue;
      }
      Path source = Files.writeString(folder.resolve(name.get(0) + ".java"), block.group(2));
      StringWriter messages = new StringWriter();
      List<String> options = new ArrayList<>(List.of("--release", "17", "-d", folder.toString()));
      options.addAll(List.of("-classpath", System.getProperty("java.class.path")));
      try (StandardJavaFileManager files =
          compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
        boolean compiled =
            compiler
                .getTask(messages, files, null, options, null, files.getJavaFileObjects(source))
                .call();
        assertThat(compiled).as("%s in %s: %s", name, document, messages).isTrue();
      }
    }
  }

  /** The anchors that GitHub gives to headings. */
  private static Set<String> anchors(Path file) throws IOException {
    Set<String> anchors = new HashSet<>();
    for (String heading : all(HEADING, withoutBlocks(Files.readString(file)))) {
      String anchor =
          heading
              .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
              .toLowerCase(Locale.ROOT)
              .replaceAll("[^\\p{L}\\p{N}_ -]", "")
              .replace(' ', '-');
      for (int i = 1; !anchors.add(anchor); i++) {
        anchor = anchor.replaceAll("-\\d+$", "") + "-" + i;
      }
    }
    return anchors;
  }

  private static String withoutBlocks(String text) {
    return BLOCK.matcher(text).replaceAll("");
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }
}
