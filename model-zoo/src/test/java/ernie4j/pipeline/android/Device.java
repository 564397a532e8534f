package ernie4j.pipeline.android;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Loads classes so that whatever Android 8 lacks throws the same error as on Android. The code
 * still runs on this JVM, so this does not show what a device computes or how fast it is.
 */
public final class Device extends ClassLoader {
  /** The missing members that were called. */
  static final Set<String> MISSED = ConcurrentHashMap.newKeySet();

  private final Map<String, ClassNode> classes;
  private final MissingCalls missing;

  Device(Map<String, ClassNode> classes, AndroidApi api) {
    super(Device.class.getClassLoader());
    this.classes = classes;
    missing = new MissingCalls(api);
  }

  /** Called by the changed classes before they use something that is missing. */
  public static void miss(String name) {
    MISSED.add(name);
    throw new NoSuchMethodError(name);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      ClassNode type = classes.get(name.replace('.', '/'));
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null || type == null) {
        return loaded != null ? loaded : super.loadClass(name, resolve);
      }
      byte[] code = changed(type);
      return defineClass(name, code, 0, code.length);
    }
  }

  private byte[] changed(ClassNode type) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    ClassNode copy = new ClassNode();
    type.accept(copy);
    for (MethodNode method : copy.methods) {
      missing.forEach(
          method,
          (instruction, name) -> {
            if (!AndroidApi.DESUGARED.contains(name)) {
              method.instructions.insertBefore(instruction, missed(name));
            }
          });
    }
    copy.accept(writer);
    return writer.toByteArray();
  }

  private static InsnList missed(String name) {
    InsnList call = new InsnList();
    call.add((AbstractInsnNode) new LdcInsnNode(name));
    call.add(
        new MethodInsnNode(
            Opcodes.INVOKESTATIC,
            Device.class.getName().replace('.', '/'),
            "miss",
            "(Ljava/lang/String;)V"));
    return call;
  }
}
