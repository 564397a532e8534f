package ernie4j.pipeline.android;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;
import org.objectweb.asm.tree.ClassNode;

/** The classes of a program on a device: tokenizer, engine, pipelines, and all that they need. */
final class NeededClasses {
  private static final String VECTORS = "ernie4j/engine/kernels/vector/";

  private final Map<String, ClassNode> found = new TreeMap<>();
  private final Deque<String> open = new ArrayDeque<>();

  private NeededClasses() {}

  /** Reads the classes, by internal name. */
  static Map<String, ClassNode> read() throws IOException {
    NeededClasses needed = new NeededClasses();
    needed.add(ernie4j.tokenizer.ErnieTokenizer.class, "ernie4j/tokenizer");
    needed.add(ernie4j.engine.encoder.Encoder.class, "ernie4j/engine");
    needed.add(ernie4j.pipeline.JointSlu.class, "ernie4j/pipeline");
    while (!needed.open.isEmpty()) {
      String name = needed.open.remove();
      if (isReached(name) && !needed.found.containsKey(name)) {
        needed.found.put(name, needed.read(name));
      }
    }
    return needed.found;
  }

  /** Of the vector kernels, only the provider is reached, which refuses to be used. */
  private static boolean isReached(String name) {
    return !name.startsWith(VECTORS) || name.startsWith(VECTORS + "VectorProvider");
  }

  /** Adds all classes of a package and its subpackages, from the folder or jar of a class. */
  private void add(Class<?> of, String packageName) throws IOException {
    Path place;
    try {
      place = Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
    if (Files.isDirectory(place)) {
      add(place, place.resolve(packageName));
    } else {
      try (FileSystem jar =
          FileSystems.newFileSystem(URI.create("jar:" + place.toUri()), Map.of())) {
        add(jar.getPath("/"), jar.getPath("/" + packageName));
      }
    }
  }

  private void add(Path root, Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .filter(file -> file.endsWith(".class") && !file.endsWith("-info.class"))
          .forEach(file -> open.add(file.substring(0, file.length() - ".class".length())));
    }
  }

  private ClassNode read(String name) throws IOException {
    ClassNode type = new ClassNode();
    ClassRemapper names =
        new ClassRemapper(
            type,
            new Remapper() {
              @Override
              public String map(String other) {
                if (other.startsWith("ernie4j/")) {
                  open.add(other);
                }
                return other;
              }
            });
    try (InputStream in = ClassLoader.getSystemResourceAsStream(name + ".class")) {
      new ClassReader(in).accept(names, 0);
    }
    return type;
  }
}
