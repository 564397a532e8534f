package ernie4j.pipeline.android;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.codehaus.mojo.animal_sniffer.Clazz;

/**
 * The classes and members of Java that Android 8 (API level 26) has, as animal-sniffer describes
 * them, and those that its compiler d8 brings along.
 */
final class AndroidApi {
  /**
   * What d8 itself adds to a program for older devices, with all overloads (R8's
   * BackportedMethodRewriter, BufferCovariantReturnTypeRewriter and RecordDesugaring).
   */
  static final Set<String> DESUGARED =
      Set.of(
          "java/lang/Record",
          "java/lang/Record.<init>",
          "java/lang/runtime/ObjectMethods.bootstrap",
          "java/lang/invoke/LambdaMetafactory.metafactory",
          "java/lang/String.isBlank",
          "java/lang/String.strip",
          "java/nio/ByteBuffer.clear",
          "java/nio/ByteBuffer.flip",
          "java/nio/ByteBuffer.limit",
          "java/util/List.copyOf",
          "java/util/List.of",
          "java/util/Map.copyOf",
          "java/util/Map.of",
          "java/util/Objects.checkFromIndexSize",
          "java/util/Objects.checkIndex",
          "java/util/Optional.isEmpty",
          "java/util/Optional.or",
          "java/util/Set.copyOf",
          "java/util/Set.of");

  private final Map<String, Clazz> classes = new HashMap<>();

  private AndroidApi() {}

  /** Reads the file that the build has fetched. */
  static AndroidApi read() throws IOException, ClassNotFoundException {
    String file = System.getProperty("ernie4j.android-api");
    AndroidApi api = new AndroidApi();
    try (ObjectInputStream in =
        new ObjectInputStream(new GZIPInputStream(Files.newInputStream(Path.of(file))))) {
      for (Object next = in.readObject(); next != null; next = in.readObject()) {
        Clazz type = (Clazz) next;
        api.classes.put(type.getName(), type);
      }
    }
    return api;
  }

  /** Whether a device has the class, or it is not a class of Java. */
  boolean has(String type) {
    return !isJava(type) || classes.containsKey(type);
  }

  /**
   * Whether a device has the member.
   *
   * @param signature name and descriptor of a method, or name, {@code #} and type of a field
   */
  boolean has(String owner, String signature) {
    if (!isJava(owner)) {
      return true;
    }
    Clazz type = classes.get(owner);
    if (type == null) {
      return false;
    }
    if (type.getSignatures().contains(signature)) {
      return true;
    }
    for (String above : type.getSuperInterfaces()) {
      if (has(above, signature)) {
        return true;
      }
    }
    return type.getSuperClass() != null && has(type.getSuperClass(), signature);
  }

  static boolean isJava(String type) {
    return type.startsWith("java/") || type.startsWith("javax/") || type.startsWith("jdk/");
  }
}
