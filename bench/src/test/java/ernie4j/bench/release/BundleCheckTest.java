package ernie4j.bench.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A correct bundle, and bundles with each of the faults that must prevent an upload. */
class BundleCheckTest {
  private static final String ENGINE =
      "io/github/ernie4j/ernie4j-engine/1.2.3/ernie4j-engine-1.2.3";
  private static final String BOM = "io/github/ernie4j/ernie4j-bom/1.2.3/ernie4j-bom-1.2.3";
  private static final String NOTICES = "META-INF/LICENSE META-INF/NOTICE ";

  @TempDir Path folder;

  @Test
  void aCompleteBundleIsFit() throws IOException {
    assertThat(problems(files -> {})).isEmpty();
  }

  @Test
  void reportsEveryMissingElementOfAPom() throws IOException {
    for (String element :
        List.of("name", "description", "url", "licenses", "developers", "scm", "connection")) {
      assertThat(
              problems(
                  files ->
                      edit(
                          files,
                          ENGINE + ".pom",
                          pom -> pom.replaceAll("(?s)<%1$s>.*?</%1$s>".formatted(element), ""))))
          .as(element)
          .anyMatch(problem -> problem.contains("lacks <") && problem.contains(element));
    }
  }

  @Test
  void wrongCoordinatesAndSnapshotsAreRefused() throws IOException {
    assertThat(
            problems(files -> edit(files, ENGINE + ".pom", pom -> pom.replace("1.2.3", "1.2.4"))))
        .anyMatch(problem -> problem.contains("its coordinates belong to"));
    assertThat(
            problems(
                files -> edit(files, ENGINE + ".pom", pom -> pom.replace("1.2.3", "1-SNAPSHOT"))))
        .anyMatch(problem -> problem.contains("is a snapshot"));
    assertThat(
            problems(
                files -> edit(files, ENGINE + ".pom", pom -> pom.replace("2.18.6", "3-SNAPSHOT"))))
        .anyMatch(problem -> problem.contains("depends on the snapshot"));
  }

  @Test
  void dependenciesMustBeResolvable() throws IOException {
    assertThat(
            problems(
                files ->
                    edit(
                        files,
                        ENGINE + ".pom",
                        pom -> pom.replace("<version>2.18.6</version>", ""))))
        .anyMatch(problem -> problem.contains("without a version"));
    assertThat(
            problems(
                files ->
                    edit(
                        files,
                        ENGINE + ".pom",
                        pom -> pom.replace("com.fasterxml.jackson.core", "io.github.ernie4j"))))
        .anyMatch(problem -> problem.contains("which is not in the bundle"));
    assertThat(
            problems(files -> edit(files, ENGINE + ".pom", pom -> pom.replace("2.18.6", "${v}"))))
        .anyMatch(problem -> problem.contains("property that is not resolved"));
  }

  @Test
  void aPomThatWasNotFlattenedIsRefused() throws IOException {
    assertThat(
            problems(
                files ->
                    edit(
                        files,
                        ENGINE + ".pom",
                        pom -> pom.replace("<name>", "<parent/><build/><name>"))))
        .anyMatch(problem -> problem.contains("<parent>"))
        .anyMatch(problem -> problem.contains("<build>"));
  }

  @Test
  void reportsMissingJarsAndAMissingListOfParts() throws IOException {
    for (String kind : List.of(".jar", "-sources.jar", "-javadoc.jar", "-cyclonedx.json")) {
      assertThat(problems(files -> files.remove(ENGINE + kind)))
          .as(kind)
          .anyMatch(problem -> problem.startsWith(ENGINE + kind + ": is missing"));
    }
  }

  @Test
  void jarsNeedTheirLicenceAndContent() throws IOException {
    assertThat(problems(files -> files.put(ENGINE + ".jar", jar("A.class"))))
        .anyMatch(problem -> problem.contains("lacks META-INF/LICENSE"))
        .anyMatch(problem -> problem.contains("lacks META-INF/NOTICE"));
    assertThat(problems(files -> files.put(ENGINE + "-sources.jar", jar(NOTICES))))
        .anyMatch(problem -> problem.contains("has no .java file"));
    assertThat(problems(files -> files.put(ENGINE + ".jar", jar(NOTICES + "A.class m.ernie"))))
        .anyMatch(problem -> problem.contains("model without META-INF/model-card.md"));
  }

  @Test
  void classFilesForANewerJvmAreRefused() throws IOException {
    byte[] jar = jar(NOTICES + "A.class");
    assertThat(problems(files -> files.put(ENGINE + ".jar", jar(NOTICES + "A.class", (byte) 62))))
        .anyMatch(problem -> problem.contains("A.class has class file version 62, at most 61"));
    assertThat(problems(files -> files.put(ENGINE + ".jar", jar))).isEmpty();
  }

  @Test
  void checksumsMustBeThereAndRight() throws IOException {
    for (String suffix : List.of(".md5", ".sha1")) {
      assertThat(problemsAfterChecksums(files -> files.remove(ENGINE + ".jar" + suffix)))
          .containsExactly(ENGINE + ".jar" + suffix + ": is missing");
      assertThat(
              problemsAfterChecksums(
                  files -> files.put(ENGINE + ".jar" + suffix, bytes("0123456789abcdef"))))
          .containsExactly(ENGINE + ".jar" + suffix + ": is not that of the file");
    }
  }

  @Test
  void refusesFilesThatBelongToNoArtifact() throws IOException {
    assertThat(problems(files -> files.put(ENGINE + "-tests.jar", jar(NOTICES + "A.class"))))
        .containsExactly(ENGINE + "-tests.jar: belongs to no artifact");
  }

  @Test
  void theBomNamesEveryArtifact() throws IOException {
    assertThat(
            problems(
                files ->
                    edit(
                        files,
                        BOM + ".pom",
                        pom ->
                            pom.replaceAll(
                                "(?s)<dependencyManagement>.*</dependencyManagement>", ""))))
        .containsExactly("the BOM manages [], the bundle has [ernie4j-engine]");
  }

  @Test
  void requiresSignaturesOnRequest() throws IOException {
    Path bundle = write(withChecksums(bundle()));
    assertThat(BundleCheck.problems(bundle, true))
        .contains(ENGINE + ".jar: has no signature", BOM + ".pom: has no signature");
    assertThat(problems(files -> files.put(ENGINE + ".jar.asc", bytes("signature")))).isEmpty();
  }

  @Test
  void anEmptyBundleIsRefused() throws IOException {
    assertThat(BundleCheck.problems(write(Map.of("x/a.txt", bytes("x"))), false))
        .contains("there is no pom");
  }

  private List<String> problems(Consumer<Map<String, byte[]>> fault) throws IOException {
    Map<String, byte[]> files = bundle();
    fault.accept(files);
    return BundleCheck.problems(write(withChecksums(files)), false);
  }

  private List<String> problemsAfterChecksums(Consumer<Map<String, byte[]>> fault)
      throws IOException {
    Map<String, byte[]> files = withChecksums(bundle());
    fault.accept(files);
    return BundleCheck.problems(write(files), false);
  }

  private static Map<String, byte[]> bundle() {
    Map<String, byte[]> files = new TreeMap<>();
    files.put(
        ENGINE + ".pom",
        pom(
            "ernie4j-engine",
            "jar",
            """
            <dependencies>
              <dependency>
                <groupId>com.fasterxml.jackson.core</groupId>
                <artifactId>jackson-core</artifactId>
                <version>2.18.6</version>
              </dependency>
            </dependencies>
            """));
    files.put(ENGINE + ".jar", jar(NOTICES + "A.class"));
    files.put(ENGINE + "-sources.jar", jar(NOTICES + "A.java"));
    files.put(ENGINE + "-javadoc.jar", jar(NOTICES + "index.html"));
    files.put(ENGINE + "-cyclonedx.json", bytes("{\"bomFormat\": \"CycloneDX\"}"));
    files.put(
        BOM + ".pom",
        pom(
            "ernie4j-bom",
            "pom",
            """
            <dependencyManagement>
              <dependencies>
                <dependency>
                  <groupId>io.github.ernie4j</groupId>
                  <artifactId>ernie4j-engine</artifactId>
                  <version>${project.version}</version>
                </dependency>
              </dependencies>
            </dependencyManagement>
            """));
    return files;
  }

  private static byte[] pom(String artifact, String packaging, String rest) {
    return bytes(
        """
        <project xmlns="http://maven.apache.org/POM/4.0.0">
          <modelVersion>4.0.0</modelVersion>
          <groupId>io.github.ernie4j</groupId>
          <artifactId>%s</artifactId>
          <version>1.2.3</version>
          <packaging>%s</packaging>
          <name>n</name>
          <description>d</description>
          <licenses><license><name>n</name><url>u</url></license></licenses>
          <developers><developer><name>n</name></developer></developers>
          <scm><connection>c</connection><url>u</url></scm>
          <url>u</url>
        %s</project>
        """
            .formatted(artifact, packaging, rest));
  }

  private static byte[] jar(String names) {
    return jar(names, (byte) 61);
  }

  private static byte[] jar(String names, byte version) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : names.strip().split(" ", -1)) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(
            new byte[] {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, version});
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  private static void edit(
      Map<String, byte[]> files, String path, java.util.function.UnaryOperator<String> change) {
    String before = new String(files.get(path), StandardCharsets.UTF_8);
    String after = change.apply(before);
    assertThat(after).isNotEqualTo(before);
    files.put(path, bytes(after));
  }

  private static Map<String, byte[]> withChecksums(Map<String, byte[]> files) {
    Map<String, byte[]> all = new TreeMap<>(files);
    files.forEach(
        (path, content) -> {
          all.put(path + ".md5", bytes(BundleCheck.digest("MD5", content)));
          all.put(path + ".sha1", bytes(BundleCheck.digest("SHA-1", content)));
        });
    return all;
  }

  private Path write(Map<String, byte[]> files) throws IOException {
    Path bundle = folder.resolve("bundle.zip");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bundle))) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
      }
    }
    return bundle;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
