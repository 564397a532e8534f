package ernie4j.pipeline.android;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** The instructions of a class that use what a device does not have; method references, too. */
final class MissingCalls {
  private final AndroidApi api;

  MissingCalls(AndroidApi api) {
    this.api = api;
  }

  /**
   * The names of what the class uses but Android 8 lacks, for example {@code java/util/List.of}.
   */
  List<String> of(ClassNode type) {
    List<String> missing = new ArrayList<>();
    List<String> above = new ArrayList<>(type.interfaces);
    above.add(type.superName);
    above.stream().filter(name -> name != null && !api.has(name)).forEach(missing::add);
    for (MethodNode method : type.methods) {
      forEach(method, (instruction, name) -> missing.add(name));
      for (TryCatchBlockNode block : method.tryCatchBlocks) {
        if (block.type != null && !api.has(block.type)) {
          missing.add(block.type);
        }
      }
    }
    return missing;
  }

  /** Passes on every instruction that uses something missing, with the name of what is missing. */
  void forEach(MethodNode method, BiConsumer<AbstractInsnNode, String> use) {
    for (AbstractInsnNode instruction : method.instructions.toArray()) {
      if (instruction instanceof MethodInsnNode call) {
        check(instruction, call.owner, call.name, call.name + call.desc, use);
      } else if (instruction instanceof FieldInsnNode field) {
        check(instruction, field.owner, field.name, field.name + "#" + field.desc, use);
      } else if (instruction instanceof TypeInsnNode type) {
        check(instruction, Type.getObjectType(type.desc), use);
      } else if (instruction instanceof LdcInsnNode load && load.cst instanceof Type type) {
        check(instruction, type, use);
      } else if (instruction instanceof InvokeDynamicInsnNode call) {
        check(instruction, call.bsm, use);
        for (Object argument : call.bsmArgs) {
          if (argument instanceof Handle handle) {
            check(instruction, handle, use);
          }
        }
      }
    }
  }

  private void check(
      AbstractInsnNode instruction, Handle handle, BiConsumer<AbstractInsnNode, String> use) {
    boolean isMethod = handle.getDesc().startsWith("(");
    check(
        instruction,
        handle.getOwner(),
        handle.getName(),
        handle.getName() + (isMethod ? "" : "#") + handle.getDesc(),
        use);
  }

  private void check(
      AbstractInsnNode instruction, Type type, BiConsumer<AbstractInsnNode, String> use) {
    Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
    if (element.getSort() == Type.OBJECT && !api.has(element.getInternalName())) {
      use.accept(instruction, element.getInternalName());
    }
  }

  private void check(
      AbstractInsnNode instruction,
      String owner,
      String name,
      String signature,
      BiConsumer<AbstractInsnNode, String> use) {
    if (!owner.startsWith("[") && !api.has(owner, signature)) {
      use.accept(instruction, owner + "." + name);
    }
  }
}
