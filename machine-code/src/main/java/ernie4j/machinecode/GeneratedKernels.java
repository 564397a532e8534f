package ernie4j.machinecode;

import ernie4j.engine.kernels.KernelEntry;
import ernie4j.engine.kernels.KernelProvider;
import ernie4j.engine.kernels.KernelTable;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Products and, on x86-64, attention and layer norm as machine code; all other functions are those
 * of the next kernels. Everything that could fail is tried before a caller gets a table; after a
 * refusal other kernels compute. Only memory for more functions may be refused later, see {@link
 * Fallback}.
 */
final class GeneratedKernels implements KernelProvider {
  private boolean tried;
  private Optional<String> refusal = Optional.empty();
  private @Nullable Products products;

  GeneratedKernels() {}

  @Override
  public String name() {
    return "machine-code";
  }

  @Override
  public int preference() {
    return 20;
  }

  @Override
  public synchronized Optional<String> refusal() {
    if (!tried) {
      refusal = Permission.refusal().or(this::tryAll);
      tried = true;
    }
    return refusal;
  }

  private Optional<String> tryAll() {
    try {
      SystemCalls system = new SystemCalls();
      ExecutableMemory memory = new ExecutableMemory(system, InstructionCache.of(system));
      Products made = Products.of(Processor.detect(system, memory), memory);
      new SelfTest(made).run();
      products = made;
      return Optional.empty();
    } catch (RefusalException e) {
      return Optional.of(e.sentence());
    } catch (RuntimeException | LinkageError e) {
      // A JVM without a native linker, such as one that is built with the interpreter only.
      return Optional.of(
          "The machine-code kernels cannot be called on this JVM (%s), so other kernels are used; run on a HotSpot server VM, or take ernie4j-machine-code off the path."
              .formatted(e));
    }
  }

  @Override
  public synchronized KernelTable table(Supplier<KernelTable> next) {
    Products ours = products;
    if (ours == null) {
      throw new IllegalStateException("refusal() has not been called, or it reported a refusal");
    }
    return table(ours, next.get());
  }

  /** All functions: those of {@code ours}, and those of {@code others} for the rest. */
  static KernelTable table(Products ours, KernelTable others) {
    Fallback fallback = new Fallback(ours, others);
    Attention attention = ours.attention();
    LayerNorm layerNorm = ours.layerNorm();
    return new KernelTable(
        "machine code (" + ours.form() + ")",
        ours,
        KernelEntry.of("product", fallback.product()),
        KernelEntry.of("int8Product", fallback.int8Product()),
        attention == null
            ? others.attention()
            : KernelEntry.of("attention", fallback.attention(attention)),
        others.softmax(),
        layerNorm == null
            ? others.layerNorm()
            : KernelEntry.of("layerNorm", fallback.layerNorm(layerNorm)),
        others.layerNormBackward(),
        others.gelu(),
        others.geluBackward(),
        others.tanh(),
        others.dropout(),
        others.columnSums(),
        others.transpose(),
        others.parts());
  }
}
