package ernie4j.bench.release;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * Checks a bundle offline against the rules of Maven Central and our own: coordinates, required
 * elements of poms, sources and Javadoc, checksums, signatures, dependencies, licences, releases of
 * class files, the BOM. {@code release/check-bundle} runs this file from source, so it may use only
 * the JDK.
 */
final class BundleCheck {
  private static final String GROUP = "io.github.ernie4j";

  /** The newest version of class files that JDK 17 reads, and the newest for machine-code. */
  private static final int JAVA_17 = 61;

  private static final int JAVA_22 = 66;

  private static final int CLASS_FILE = 0xCAFEBABE;

  private static final Map<String, String> CHECKSUMS = Map.of(".md5", "MD5", ".sha1", "SHA-1");

  /** The elements that a pom must have, with those that they must contain. */
  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          "name", List.of(),
          "description", List.of(),
          "url", List.of(),
          "licenses", List.of("license/name", "license/url"),
          "developers", List.of("developer/name"),
          "scm", List.of("connection", "url"));

  private final Map<String, byte[]> files = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  private BundleCheck() {}

  /**
   * Prints what is wrong, or how many artifacts are right.
   *
   * @param args the bundle, and {@code --signed} if signatures are demanded
   */
  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      System.err.println("usage: release/check-bundle BUNDLE.zip [--signed]");
      System.exit(2);
    }
    Path bundle = Path.of(args[0]);
    List<String> problems = problems(bundle, List.of(args).contains("--signed"));
    problems.forEach(System.err::println);
    if (!problems.isEmpty()) {
      System.err.printf("%s: %d problems%n", bundle, problems.size());
      System.exit(1);
    }
    System.out.println(bundle + ": fit for Maven Central");
  }

  /** What is wrong with a bundle, a sentence each; empty if it may be uploaded. */
  static List<String> problems(Path bundle, boolean signed) throws IOException {
    BundleCheck check = new BundleCheck();
    try (ZipFile zip = new ZipFile(bundle.toFile())) {
      for (ZipEntry entry : zip.stream().filter(each -> !each.isDirectory()).toList()) {
        check.files.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    check.checkAll(signed);
    return check.problems;
  }

  private void checkAll(boolean signed) {
    Map<String, Element> poms = new TreeMap<>();
    for (String path : files.keySet()) {
      if (path.endsWith(".pom")) {
        pom(path, poms);
      }
    }
    if (poms.isEmpty()) {
      problems.add("there is no pom");
    }
    Set<String> versions = new TreeSet<>();
    poms.keySet().forEach(path -> versions.add(versionOf(path)));
    if (versions.size() > 1) {
      problems.add("artifacts of several versions: " + versions);
    }
    Set<String> expected = new TreeSet<>();
    poms.forEach((path, pom) -> checkArtifact(path, pom, poms.keySet(), expected));
    checkBom(poms);
    for (String path : files.keySet()) {
      if (isChecksum(path)) {
        continue;
      }
      checkChecksums(path);
      String signatureOf = path.endsWith(".asc") ? path.substring(0, path.length() - 4) : path;
      if (!expected.contains(signatureOf)) {
        problems.add(path + ": belongs to no artifact");
      }
      if (signed && !path.endsWith(".asc") && !files.containsKey(path + ".asc")) {
        problems.add(path + ": has no signature");
      }
    }
  }

  private void pom(String path, Map<String, Element> poms) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      builder.setErrorHandler(null); // which would print
      Document document = builder.parse(new InputSource(new StringReader(xml(path))));
      poms.put(path, document.getDocumentElement());
    } catch (ParserConfigurationException | SAXException | IOException e) {
      problems.add(path + ": is not XML: " + e.getMessage());
    }
  }

  /** The text of a pom with its version filled in, the one property that every reader knows. */
  private String xml(String path) {
    return new String(files.get(path), StandardCharsets.UTF_8)
        .replace("${project.version}", versionOf(path));
  }

  /** The version in the path of a pom. */
  private static String versionOf(String path) {
    String[] folders = path.split("/", -1);
    return folders.length < 2 ? "" : folders[folders.length - 2];
  }

  private void checkArtifact(String path, Element pom, Set<String> poms, Set<String> expected) {
    checkCoordinates(path, pom);
    REQUIRED.forEach(
        (element, parts) -> {
          require(path, pom, element);
          parts.forEach(part -> require(path, pom, element + "/" + part));
        });
    for (String forbidden :
        List.of("parent", "repositories", "pluginRepositories", "build", "profiles")) {
      if (!elements(pom, forbidden).isEmpty()) {
        problems.add(path + ": has <" + forbidden + ">, so it is not flattened");
      }
    }
    if (xml(path).contains("${")) {
      problems.add(path + ": has a property that is not resolved");
    }
    elements(pom, "dependencies/dependency").forEach(each -> checkDependency(path, each, poms));
    elements(pom, "dependencyManagement/dependencies/dependency")
        .forEach(each -> checkDependency(path, each, poms));
    expected.add(path);
    if (!text(pom, "packaging").equals("pom")) {
      checkJars(path.substring(0, path.length() - ".pom".length()), expected);
    }
  }

  private void checkCoordinates(String path, Element pom) {
    String group = text(pom, "groupId");
    String artifact = text(pom, "artifactId");
    String version = text(pom, "version");
    String place =
        "%s/%s/%s/%s-%s.pom"
            .formatted(group.replace('.', '/'), artifact, version, artifact, version);
    if (!path.equals(place)) {
      problems.add(path + ": its coordinates belong to " + place);
    }
    if (!group.equals(GROUP)) {
      problems.add(path + ": its group is " + group + ", not " + GROUP);
    }
    if (version.endsWith("-SNAPSHOT")) {
      problems.add(path + ": is a snapshot");
    }
  }

  private void require(String path, Element pom, String element) {
    List<Element> found = elements(pom, element);
    if (found.isEmpty() || found.get(0).getTextContent().isBlank()) {
      problems.add(path + ": lacks <" + element + ">");
    }
  }

  private void checkDependency(String path, Element dependency, Set<String> poms) {
    String group = text(dependency, "groupId");
    String artifact = text(dependency, "artifactId");
    String version = text(dependency, "version");
    String name = group + ":" + artifact + ":" + version;
    if (version.isEmpty()) {
      problems.add(path + ": depends on " + name + " without a version");
    } else if (version.endsWith("-SNAPSHOT")) {
      problems.add(path + ": depends on the snapshot " + name);
    }
    if (Set.of("system", "test").contains(text(dependency, "scope"))) {
      problems.add(
          path + ": depends on " + name + " in a scope that users cannot resolve or do not need");
    }
    if (group.equals(GROUP)) {
      String place =
          "%s/%s/%s/%s-%s.pom"
              .formatted(GROUP.replace('.', '/'), artifact, version, artifact, version);
      if (!poms.contains(place)) {
        problems.add(path + ": depends on " + name + ", which is not in the bundle");
      }
    }
  }

  private void checkJars(String stem, Set<String> expected) {
    for (String kind : List.of(".jar", "-sources.jar", "-javadoc.jar")) {
      String path = stem + kind;
      expected.add(path);
      if (!files.containsKey(path)) {
        problems.add(path + ": is missing");
        continue;
      }
      checkJar(path, kind);
    }
    String parts = stem + "-cyclonedx.json";
    expected.add(parts);
    if (!files.containsKey(parts)
        || !new String(files.get(parts), StandardCharsets.UTF_8).contains("CycloneDX")) {
      problems.add(parts + ": is missing or not a list of parts");
    }
  }

  private void checkJar(String path, String kind) {
    Set<String> names = new TreeSet<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(files.get(path)))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        names.add(entry.getName());
        if (entry.getName().endsWith(".class")) {
          checkClass(path, entry.getName(), zip.readNBytes(8));
        }
      }
    } catch (ZipException e) {
      problems.add(path + ": is not a jar: " + e.getMessage());
    } catch (IOException e) {
      problems.add(path + ": cannot be read: " + e.getMessage());
    }
    for (String name : List.of("META-INF/LICENSE", "META-INF/NOTICE")) {
      if (!names.contains(name)) {
        problems.add(path + ": lacks " + name);
      }
    }
    String content =
        Map.of(".jar", ".class", "-sources.jar", ".java", "-javadoc.jar", ".html").get(kind);
    if (names.stream().noneMatch(name -> name.endsWith(content))) {
      problems.add(path + ": has no " + content + " file");
    }
    if (kind.equals(".jar")
        && names.stream().anyMatch(name -> name.endsWith(".ernie"))
        && !names.contains("META-INF/model-card.md")) {
      problems.add(path + ": has a model without META-INF/model-card.md");
    }
  }

  private void checkClass(String jar, String name, byte[] head) {
    boolean machineCode =
        jar.contains("/ernie4j-machine-code/")
            && !name.equals("module-info.class")
            && !name.endsWith("/MachineCodeProvider.class");
    int newest = machineCode ? JAVA_22 : JAVA_17;
    int magic = head.length < 8 ? 0 : java.nio.ByteBuffer.wrap(head).getInt();
    int version = head.length < 8 ? 0 : java.nio.ByteBuffer.wrap(head).getShort(6);
    if (magic != CLASS_FILE || version > newest) {
      problems.add(
          "%s: %s has class file version %d, at most %d can be read by the JVMs it is for"
              .formatted(jar, name, version, newest));
    }
  }

  private void checkBom(Map<String, Element> poms) {
    Set<String> jars = new TreeSet<>();
    Set<String> managed = new TreeSet<>();
    poms.values()
        .forEach(
            pom -> {
              if (!text(pom, "packaging").equals("pom")) {
                jars.add(text(pom, "artifactId"));
              }
              if (text(pom, "artifactId").equals("ernie4j-bom")) {
                elements(pom, "dependencyManagement/dependencies/dependency")
                    .forEach(each -> managed.add(text(each, "artifactId")));
              }
            });
    if (!managed.equals(jars)) {
      problems.add("the BOM manages " + managed + ", the bundle has " + jars);
    }
  }

  private void checkChecksums(String path) {
    if (path.endsWith(".asc")) {
      return;
    }
    CHECKSUMS.forEach(
        (suffix, algorithm) -> {
          byte[] stated = files.get(path + suffix);
          if (stated == null) {
            problems.add(path + suffix + ": is missing");
          } else if (!new String(stated, StandardCharsets.US_ASCII)
              .strip()
              .equals(digest(algorithm, files.get(path)))) {
            problems.add(path + suffix + ": is not that of the file");
          }
        });
  }

  private static boolean isChecksum(String path) {
    return List.of(".md5", ".sha1", ".sha256", ".sha512").stream().anyMatch(path::endsWith);
  }

  static String digest(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The text of an element, empty if there is none. */
  private static String text(Element parent, String path) {
    List<Element> found = elements(parent, path);
    return found.isEmpty() ? "" : found.get(0).getTextContent().strip();
  }

  /** The elements under a path of names such as {@code scm/url}. */
  private static List<Element> elements(Element parent, String path) {
    List<Element> level = List.of(parent);
    for (String name : path.split("/", -1)) {
      List<Element> next = new ArrayList<>();
      for (Element element : level) {
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
          if (node instanceof Element child && child.getTagName().equals(name)) {
            next.add(child);
          }
        }
      }
      level = next;
    }
    return level;
  }
}
