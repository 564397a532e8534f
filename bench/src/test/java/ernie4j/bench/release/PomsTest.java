package ernie4j.bench.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What all poms must agree on, so that a release needs no other change than its version. */
class PomsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern PARENT =
      Pattern.compile("(?s)<parent>.*?<version>(.*?)</version>.*?</parent>");
  private static final Pattern ARTIFACT =
      Pattern.compile("(?s)</parent>.*?<artifactId>(ernie4j-[\\w-]+)</artifactId>");
  private static final Pattern MODULE = Pattern.compile("<module>([\\w-]+)</module>");
  private static final Pattern OURS =
      Pattern.compile(
          "<groupId>io\\.github\\.ernie4j</groupId>\\s*<artifactId>(ernie4j-[\\w-]+)</artifactId>\\s*<version>(.*?)</version>");

  /** The poms of the modules, by folder. */
  private static Map<Path, String> modules() throws IOException {
    Map<Path, String> modules = new TreeMap<>();
    collect(ROOT, modules);
    collect(ROOT.resolve("integrations"), modules);
    return modules;
  }

  private static void collect(Path folder, Map<Path, String> modules) throws IOException {
    for (String module : all(MODULE, Files.readString(folder.resolve("pom.xml")))) {
      Path pom = folder.resolve(module).resolve("pom.xml");
      modules.put(ROOT.relativize(pom), Files.readString(pom));
    }
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1)).toList();
  }

  @Test
  void modulesTakeTheirVersionFromTheRoot() throws IOException {
    Map<Path, String> modules = modules();
    assertThat(modules).hasSizeGreaterThan(12);
    modules.forEach(
        (path, pom) ->
            assertThat(all(PARENT, pom))
                .as("version of the parent in %s", path)
                .containsExactly("${revision}"));
  }

  @Test
  void theBomNamesEveryModuleThatIsPublished() throws IOException {
    Set<String> published = new TreeSet<>();
    modules()
        .forEach(
            (path, pom) -> {
              if (!pom.contains("<packaging>pom</packaging>")
                  && !pom.contains("<maven.deploy.skip>true")) {
                published.addAll(all(ARTIFACT, pom));
              }
            });
    assertThat(published).contains("ernie4j-engine", "ernie4j-langchain4j", "ernie4j-machine-code");
    List<String> managed = new ArrayList<>();
    for (Matcher each = OURS.matcher(Files.readString(ROOT.resolve("bom/pom.xml")));
        each.find(); ) {
      if (!each.group(1).equals("ernie4j-parent")) {
        managed.add(each.group(1));
      }
    }
    assertThat(managed).containsExactlyInAnyOrderElementsOf(published);
  }

  @Test
  void examplesUseTheVersionOfTheSources() throws IOException {
    String revision =
        all(
                Pattern.compile("<revision>(.*?)</revision>"),
                Files.readString(ROOT.resolve("pom.xml")))
            .get(0);
    try (Stream<Path> files = Files.walk(ROOT.resolve("examples"), 2)) {
      for (Path pom : files.filter(file -> file.endsWith("pom.xml")).toList()) {
        for (Matcher each = OURS.matcher(Files.readString(pom)); each.find(); ) {
          assertThat(each.group(2)).as("%s in %s", each.group(1), pom).isEqualTo(revision);
        }
      }
    }
  }
}
