package ernie4j.zoo.paddle;

import ernie4j.engine.file.ModelFileException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A program that can be traversed: which operation makes a variable and which ones use it. */
final class ProgramGraph {
  /** A walk back from a score to its linear layer takes about six steps. */
  private static final int MAX_STEPS = 32;

  private final PaddleProgram program;
  private final Map<String, PaddleOperation> producers = new HashMap<>();
  private final Map<String, List<PaddleOperation>> consumers = new HashMap<>();

  ProgramGraph(PaddleProgram program) {
    this.program = program;
    for (PaddleOperation operation : program.operations()) {
      operation
          .outputs()
          .values()
          .forEach(names -> names.forEach(name -> producers.putIfAbsent(name, operation)));
      operation
          .inputs()
          .values()
          .forEach(
              names ->
                  names.forEach(
                      name ->
                          consumers.computeIfAbsent(name, n -> new ArrayList<>()).add(operation)));
    }
  }

  List<PaddleOperation> operations() {
    return program.operations();
  }

  /** The operations of one of these types, in order. */
  List<PaddleOperation> all(String... types) {
    return program.operations().stream().filter(operation -> operation.is(types)).toList();
  }

  @Nullable PaddleOperation producer(String variable) {
    return producers.get(variable);
  }

  /** The first operation of one of these types that uses a variable. */
  Optional<PaddleOperation> consumer(String variable, String... types) {
    return consumers.getOrDefault(variable, List.of()).stream()
        .filter(operation -> operation.is(types))
        .findFirst();
  }

  /** Whether a variable has its value in the parameter file. */
  boolean isParameter(String variable) {
    return program.persistable().containsKey(variable);
  }

  /**
   * Walks back from a variable over first inputs to the nearest operation that is wanted.
   *
   * @return null if there is none
   */
  @Nullable PaddleOperation before(String variable, Predicate<PaddleOperation> wanted) {
    String at = variable;
    for (int step = 0; step < MAX_STEPS; step++) {
      PaddleOperation operation = producers.get(at);
      if (operation == null || wanted.test(operation)) {
        return operation;
      }
      String input = operation.input("X");
      at = input.isEmpty() ? operation.input("Input") : input;
    }
    return null;
  }

  ModelFileException failure(String problem) {
    return new ModelFileException(program.file(), problem);
  }
}
