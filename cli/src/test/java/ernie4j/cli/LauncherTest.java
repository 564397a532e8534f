package ernie4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The scripts {@code ernie4j} and {@code ernie4j.cmd}: they must start the same program with the
 * same options. A fake JDK prints its arguments. The second script runs in Wine's cmd, if that is
 * installed; it has never run on Windows itself.
 */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Wine's drives contain links, so they must not be deleted with the folder of a test. */
  private static final Path WINE = Path.of("target/wine").toAbsolutePath();

  private static final List<String> SHORT =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dernie4j.kernels=scalar");
  private static final List<String> WITH_VECTORS = List.of("--add-modules", "jdk.incubator.vector");

  @TempDir Path folder;

  @BeforeEach
  void copyTheLaunchersAndMakeAJdk() throws IOException {
    Path repository = Files.createDirectories(folder.resolve("repository/cli/target/modules"));
    Files.writeString(repository.resolve("ernie4j-cli.jar"), "");
    for (String launcher : List.of("ernie4j", "ernie4j.cmd")) {
      Files.copy(
          ROOT.resolve(launcher),
          folder.resolve("repository").resolve(launcher),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    // Newer than any source; there are none here.
    Files.writeString(folder.resolve("repository/cli/target/launcher.stamp"), "");
    Files.writeString(folder.resolve("repository/pom.xml"), "");
    Files.setLastModifiedTime(folder.resolve("repository/pom.xml"), FileTime.fromMillis(0));
    for (String module :
        List.of("tokenizer", "engine", "quant", "training", "model-zoo", "server", "cli")) {
      Files.createDirectories(folder.resolve("repository").resolve(module).resolve("src/main"));
    }
    Path lib = Files.createDirectories(folder.resolve("archive/lib/server"));
    Files.writeString(lib.resolve("javalin.jar"), "");
    Files.writeString(lib.resolveSibling("ernie4j-cli.jar"), "");
    Path commands = Files.createDirectories(folder.resolve("archive/bin"));
    for (String launcher : List.of("ernie4j", "ernie4j.cmd")) {
      Files.copy(
          ROOT.resolve(launcher), commands.resolve(launcher), StandardCopyOption.COPY_ATTRIBUTES);
    }
    makeAJdk("21.0.2");
  }

  /** Its java prints its arguments and writes the cache that they name. */
  private void makeAJdk(String version) throws IOException {
    Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"" + version + "\"\n");
    String script =
        """
        #!/bin/sh
        printf 'ARG %s\\n' "$@"
        case $1 in
          *AOTCacheOutput=*)
            file=${1#*=}
            case $file in [A-Z]:*) file=$(printf %s "${file#?:}" | tr '\\\\' /) ;; esac
            echo cache > "$file" ;;
        esac
        """;
    for (String name : List.of("java", "java.exe")) {
      Path java = Files.writeString(bin.resolve(name), script);
      Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void bothScriptsHaveTheSameOptionsVariablesAndModules() throws IOException {
    String unix = Files.readString(ROOT.resolve("ernie4j"));
    String windows = Files.readString(ROOT.resolve("ernie4j.cmd"));
    for (String pattern :
        List.of(
            "-XX:[+\\w]+",
            "-Xlog:\\w+",
            "-D[\\w.]+=",
            "--add-modules [\\w.]+",
            "-pl cli.*package",
            "ERNIE4J_\\w+",
            "launcher(?:-[a-z]+)?",
            "ernie4j\\.cli\\.Main")) {
      Set<String> expected = all(pattern, unix);
      expected.removeIf(option -> option.startsWith("--enable-native-access"));
      assertThat(all(pattern, windows)).as(pattern).isEqualTo(expected).isNotEmpty();
    }
    for (String module :
        List.of("tokenizer", "engine", "quant", "training", "model-zoo", "server", "cli")) {
      assertThat(windows).contains("'" + module + "'");
    }
    assertThat(windows.replace("\r\n", "")).as("lines end with CR LF").doesNotContain("\n");
  }

  private static Set<String> all(String pattern, String text) {
    Set<String> found = new TreeSet<>();
    Pattern.compile(pattern).matcher(text).results().map(MatchResult::group).forEach(found::add);
    return found;
  }

  @ParameterizedTest
  @CsvSource({
    "parse 放歌, true",
    "parse --json --quiet 放歌, true",
    "--version, true",
    "completion, true",
    "'', true",
    "parse, false",
    "parse --json, false",
    "parse -5度, false",
    "parse --model m 放歌, false",
    "train slu --help, false",
  })
  void theLauncherChoosesHowToStart(String line, boolean isShort) throws Exception {
    assertStarts(List.of("bash", folder.resolve("repository/ernie4j").toString()), line, isShort);
  }

  /** Three ways of starting in one test, because Wine takes seconds. */
  @Test
  void theWindowsLauncherStartsInTheSameWay() throws Exception {
    assumeWine();
    List<String> cmd = wine("repository/ernie4j.cmd");
    assertStarts(cmd, "parse --json --quiet 放歌", true);
    assertStarts(cmd, "parse", false);
    assertStarts(cmd, "train slu --help", false);
  }

  @Test
  void findsTheJarsOfAnUnpackedArchive() throws Exception {
    Path archive = folder.resolve("archive");
    Path link = Files.createSymbolicLink(folder.resolve("link"), archive.resolve("bin/ernie4j"));
    for (Path launcher : List.of(archive.resolve("bin/ernie4j"), link)) {
      assertThat(classPath("bash", launcher.toString(), "parse", "放歌"))
          .isEqualTo(archive.resolve("lib/ernie4j-cli.jar").toString());
      assertThat(classPath("bash", launcher.toString(), "serve"))
          .isEqualTo(
              archive.resolve("lib/ernie4j-cli.jar")
                  + ":"
                  + archive.resolve("lib/server/javalin.jar"));
    }
  }

  private String classPath(String... command) throws Exception {
    List<String> arguments = arguments(List.of(command));
    return arguments.get(arguments.indexOf("-cp") + 1);
  }

  @Test
  void firstStartOtherThanHelpWritesTheCaches() throws Exception {
    makeAJdk("25.0.1");
    assertCaches(List.of("bash", folder.resolve("archive/bin/ernie4j").toString()));
  }

  @Test
  void theWindowsLauncherWritesTheSameCaches() throws Exception {
    assumeWine();
    makeAJdk("25.0.1");
    assertCaches(wine("archive/bin/ernie4j.cmd"));
  }

  private void assertCaches(List<String> launcher) throws Exception {
    for (String help : List.of("--help", "parse --help", "serve --help", "--version")) {
      List<String> command = new ArrayList<>(launcher);
      command.addAll(List.of(help.split(" ")));
      assertThat(arguments(command)).as(help).contains("ernie4j.cli.Main");
      assertThat(caches()).as(help).isEmpty();
    }
    List<String> serve = new ArrayList<>(launcher);
    serve.addAll(List.of("serve", "--port", "0"));
    arguments(serve);
    assertThat(caches())
        .containsExactly("launcher-serve.aot", "launcher-short.aot", "launcher.aot");
    // Written by hand, because Wine's cmd does not wait for the script that stands in for java.exe.
    Files.writeString(folder.resolve("archive/lib/launcher-serve.aot"), "a cache");
    assertThat(arguments(serve).get(0)).startsWith("-XX:AOTCache=").endsWith("launcher-serve.aot");
  }

  private List<String> caches() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("archive/lib"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".aot"))
          .sorted()
          .toList();
    }
  }

  @Test
  void triesOnlyOnceToWriteACache() throws Exception {
    makeAJdk("25.0.1");
    Path java = folder.resolve("jdk/bin/java");
    Path calls = folder.resolve("calls");
    Files.writeString(
        java,
        "#!/bin/sh\ncase $1 in *AOTCacheOutput*) echo x >> '%s'; exit 1 ;; esac\nprintf 'ARG %%s\\n' \"$@\"\n"
            .formatted(calls));
    List<String> command =
        List.of("bash", folder.resolve("archive/bin/ernie4j").toString(), "parse", "放歌");
    assertThat(arguments(command)).contains("ernie4j.cli.Main");
    assertThat(Files.readAllLines(calls)).as("both caches").hasSize(2);
    assertThat(arguments(command)).contains("ernie4j.cli.Main").doesNotContain("-Xlog:disable");
    assertThat(Files.readAllLines(calls)).hasSize(2);
  }

  private void assertStarts(List<String> launcher, String line, boolean isShort) throws Exception {
    List<String> words = line.isEmpty() ? List.of() : List.of(line.split(" ", -1));
    List<String> command = new ArrayList<>(launcher);
    command.addAll(words);
    List<String> arguments = arguments(command);
    assertThat(arguments).endsWith(words.toArray(String[]::new));
    int main = arguments.indexOf("ernie4j.cli.Main");
    assertThat(arguments.subList(main + 1, arguments.size())).isEqualTo(words);
    int classpath = arguments.indexOf("-cp");
    assertThat(main).isEqualTo(classpath + 2);
    List<String> options = new ArrayList<>(arguments.subList(0, classpath));
    // The name of the program, for messages that say how to continue.
    boolean named =
        options.removeIf(option -> option.matches("-Dernie4j.program=.*ernie4j(.cmd)?"));
    assertThat(named).isNotEqualTo(isShort);
    assertThat(options).isEqualTo(isShort ? SHORT : WITH_VECTORS);
  }

  /** On x86-64, where machine code computes all that answers need; training needs the vectors. */
  @Test
  void serviceOnMachineCodeStartsWithoutTheVectorModule() throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "skipped: x86-64 only");
    makeAJdk("25.0.1");
    String launcher = folder.resolve("archive/bin/ernie4j").toString();
    String machineCode = "-Dernie4j.kernels=machine-code";
    assertThat(arguments(List.of("bash", launcher, "serve"), "machine-code"))
        .contains(machineCode, "--enable-native-access=ALL-UNNAMED")
        .doesNotContain("--add-modules");
    assertThat(arguments(List.of("bash", launcher, "train", "slu"), "machine-code"))
        .contains(machineCode, "--add-modules");
    assertThat(arguments(List.of("bash", launcher, "serve"))).contains("--add-modules");
  }

  private List<String> arguments(List<String> command) throws Exception {
    return arguments(command, "");
  }

  /** The arguments that the JDK received. */
  private List<String> arguments(List<String> command, String kernels) throws Exception {
    Path out = folder.resolve("out");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(out.toFile()).redirectErrorStream(true);
    builder.environment().remove("ERNIE4J_JAVA_OPTS");
    builder.environment().remove("ERNIE4J_KERNELS");
    if (!kernels.isEmpty()) {
      builder.environment().put("ERNIE4J_KERNELS", kernels);
    }
    Files.createDirectories(WINE.getParent());
    boolean wine = command.get(0).endsWith("wine");
    Path jdk = folder.resolve("jdk");
    builder.environment().put("ERNIE4J_JAVA_HOME", wine ? windows(jdk) : jdk.toString());
    builder.environment().put("WINEPREFIX", WINE.toString());
    builder.environment().put("WINEDEBUG", "-all");
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return Files.readAllLines(out).stream()
        .filter(line -> line.startsWith("ARG "))
        .map(line -> line.substring(4))
        .toList();
  }

  private static void assumeWine() {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/wine")),
        "skipped: Wine, which has a cmd to run it in, is not installed");
  }

  private List<String> wine(String launcher) {
    return List.of("/usr/bin/wine", "cmd", "/c", windows(folder.resolve(launcher)));
  }

  private static String windows(Path path) {
    return "Z:" + path.toString().replace('/', '\\');
  }
}
