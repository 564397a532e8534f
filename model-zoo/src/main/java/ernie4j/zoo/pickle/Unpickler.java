package ernie4j.zoo.pickle;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.FileBytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a pickle of protocol 2, 3 or 4 and executes nothing: a pickle is a program for a small
 * stack machine that names classes and functions of Python, and here these names are looked up in a
 * closed table of the caller's.
 *
 * <p>Python's values become {@link Long}, {@link Double}, {@link Boolean}, {@link String}, {@link
 * PickleBytes} (byte strings, and texts of more than 4,096 bytes), {@link List}, {@link Tuple},
 * {@link Map} (in the order of insertion, keys are texts or whole numbers) and {@link Optional}
 * without a value for None. A structure may contain itself, so check for what you expect and do not
 * print or hash the rest.
 *
 * <p>Only the operations that files of parameters use are known. Their number is limited and every
 * length is compared with what is left of the file, so a damaged or hostile file causes a {@link
 * ModelFileException} that names the byte, in bounded memory and time.
 */
public final class Unpickler {
  private static final int MAX_OPERATIONS = 2_000_000;
  private static final int MAX_MARKS = 1000;

  private final PickleInput in;
  private final Map<String, ?> globals;
  private final PickleFunction persistent;
  private final List<Object> stack = new ArrayList<>();
  private final List<Integer> marks = new ArrayList<>();
  private final Map<Long, Object> memo = new HashMap<>();
  private long operation;

  private Unpickler(FileBytes file, Map<String, ?> globals, PickleFunction persistent) {
    this.in = new PickleInput(file);
    this.globals = globals;
    this.persistent = persistent;
  }

  /**
   * Reads a file that is one pickle and nothing else.
   *
   * @param globals what the names of Python stand for, under {@code module.name}; a {@link
   *     PickleFunction} if the pickle may call it
   * @throws ModelFileException if the pickle is damaged, has a global that is not in the table, or
   *     uses operations that no file of parameters needs
   */
  public static Object read(FileBytes file, Map<String, ?> globals) throws IOException {
    return read(
        file,
        globals,
        id -> {
          throw new IllegalArgumentException("this kind of file has no persistent ids");
        });
  }

  /**
   * As {@link #read(FileBytes, Map)}, for pickles that refer to objects outside of them.
   *
   * @param persistent returns the object of an id, its only argument
   */
  public static Object read(FileBytes file, Map<String, ?> globals, PickleFunction persistent)
      throws IOException {
    return new Unpickler(file, globals, persistent).run();
  }

  private Object run() throws IOException {
    for (int count = 0; count < MAX_OPERATIONS; count++) {
      operation = in.position();
      int code = in.u1();
      if (count == 0 && code != 0x80) {
        throw failure("not a pickle of protocol 2 to 4");
      }
      if (code == '.') {
        return result();
      }
      try {
        execute(code);
      } catch (IllegalArgumentException e) {
        throw failure(e.getMessage() == null ? e.toString() : e.getMessage());
      }
    }
    throw failure("more than %d operations".formatted(MAX_OPERATIONS));
  }

  private Object result() throws ModelFileException {
    if (in.remaining() > 0) {
      throw failure("%d bytes follow the end of the pickle".formatted(in.remaining()));
    }
    Object result = pop();
    if (!stack.isEmpty() || !marks.isEmpty()) {
      throw failure("the pickle ends with %d values too many".formatted(stack.size()));
    }
    return result;
  }

  private void execute(int code) throws IOException {
    switch (code) {
      case 0x80 -> protocol(in.u1());
      case 0x95 -> frame(in.unsigned(8));
      case 'N' -> push(Optional.empty());
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push(in.signed(4));
      case 'K' -> push(in.unsigned(1));
      case 'M' -> push(in.unsigned(2));
      case 0x8a -> push(longNumber(in.u1()));
      case 'G' -> push(in.float64());
      case 'X' -> push(in.text(in.unsigned(4)));
      case 0x8c -> push(in.text(in.unsigned(1)));
      case 0x8d -> push(in.text(in.unsigned(8)));
      case 'T' -> push(in.byteText(in.unsigned(4)));
      case 'U' -> push(in.byteText(in.unsigned(1)));
      case 'C' -> push(in.bytes(in.unsigned(1)));
      case 'B' -> push(in.bytes(in.unsigned(4)));
      case 0x8e -> push(in.bytes(in.unsigned(8)));
      case 'h' -> push(recall(in.unsigned(1)));
      case 'j' -> push(recall(in.unsigned(4)));
      case 'q' -> remember(in.unsigned(1));
      case 'r' -> remember(in.unsigned(4));
      case 0x94 -> remember(memo.size());
      default -> combine(code);
    }
  }

  /** The operations that combine values on the stack. */
  private void combine(int code) throws IOException {
    switch (code) {
      case '(' -> mark();
      case '0' -> pop();
      case ')' -> push(new Tuple(List.of()));
      case 0x85 -> push(new Tuple(take(1)));
      case 0x86 -> push(new Tuple(take(2)));
      case 0x87 -> push(new Tuple(take(3)));
      case 't' -> push(new Tuple(takeToMark()));
      case ']' -> push(new ArrayList<>());
      case 'a' -> append(take(1));
      case 'e' -> append(takeToMark());
      case '}' -> push(new LinkedHashMap<>());
      case 's' -> setItems(take(2));
      case 'u' -> setItems(takeToMark());
      case 'c' -> push(global(in.line(), in.line()));
      case 0x93 -> stackGlobal(take(2));
      case 'R', 0x81 -> call(take(2));
      case 'b' -> build(take(2));
      case 'Q' -> push(persistent.call(take(1)));
      default ->
          throw failure(
              "operation 0x%02x is not one that a file of parameters needs".formatted(code));
    }
  }

  private void protocol(int version) throws ModelFileException {
    if (operation != 0 || version < 2 || version > 4) {
      throw failure(
          "expected protocol 2, 3 or 4 at the start, got protocol %d; save the file again with protocol=4"
              .formatted(version));
    }
  }

  private void frame(long length) throws ModelFileException {
    if (length < 0 || length > in.remaining()) {
      throw failure(
          "a frame of %s bytes, but only %d are left; the file is cut or damaged"
              .formatted(Long.toUnsignedString(length), in.remaining()));
    }
  }

  private long longNumber(int bytes) throws IOException {
    if (bytes > Long.BYTES) {
      throw failure("a whole number of %d bytes; at most 8 are supported".formatted(bytes));
    }
    return in.signed(bytes);
  }

  private void mark() throws ModelFileException {
    if (marks.size() == MAX_MARKS) {
      throw failure("more than %d structures in one another".formatted(MAX_MARKS));
    }
    marks.add(stack.size());
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object pop() throws ModelFileException {
    return take(1).get(0);
  }

  /** Removes the topmost values of the stack, which must lie above the last mark. */
  private List<Object> take(int count) throws ModelFileException {
    int floor = marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    if (stack.size() - count < floor) {
      throw failure("an operation needs %d values that are not there".formatted(count));
    }
    return takeFrom(stack.size() - count);
  }

  private List<Object> takeToMark() throws ModelFileException {
    if (marks.isEmpty()) {
      throw failure("an operation needs a mark that is not there");
    }
    return takeFrom(marks.remove(marks.size() - 1));
  }

  private List<Object> takeFrom(int start) {
    List<Object> top = stack.subList(start, stack.size());
    List<Object> taken = new ArrayList<>(top);
    top.clear();
    return taken;
  }

  private Object top() throws ModelFileException {
    Object value = pop();
    push(value);
    return value;
  }

  private void remember(long key) throws ModelFileException {
    memo.put(key, top());
  }

  private Object recall(long key) throws ModelFileException {
    Object value = memo.get(key);
    if (value == null) {
      throw failure("refers to value %d, which was never stored".formatted(key));
    }
    return value;
  }

  @SuppressWarnings("unchecked")
  private void append(List<Object> items) throws ModelFileException {
    if (!(top() instanceof ArrayList<?> list)) {
      throw failure("expected a list to append to, got " + kind(top()));
    }
    ((List<Object>) list).addAll(items);
  }

  @SuppressWarnings("unchecked")
  private void setItems(List<Object> keysAndValues) throws ModelFileException {
    if (!(top() instanceof LinkedHashMap<?, ?> map) || keysAndValues.size() % 2 != 0) {
      throw failure("expected a dict and pairs to put into it, got " + kind(top()));
    }
    for (int i = 0; i < keysAndValues.size(); i += 2) {
      Object key = keysAndValues.get(i);
      // Hashing a container could recurse without end.
      if (!(key instanceof String || key instanceof Long)) {
        throw failure("expected a text or a number as key, got " + kind(key));
      }
      if (((Map<Object, Object>) map).put(key, keysAndValues.get(i + 1)) != null) {
        throw failure("the key '%s' occurs twice in one dict".formatted(shortened(key)));
      }
    }
  }

  private void stackGlobal(List<Object> moduleAndName) throws ModelFileException {
    if (!(moduleAndName.get(0) instanceof String module
        && moduleAndName.get(1) instanceof String name)) {
      throw failure("expected the name of a global");
    }
    push(global(module, name));
  }

  private Object global(String module, String name) throws ModelFileException {
    Object value = globals.get(module + "." + name);
    if (value == null) {
      throw failure(
          "names the global '%s', which no file of this kind needs; nothing was executed, do not trust this file"
              .formatted(shortened(module + "." + name)));
    }
    return value;
  }

  private void call(List<Object> functionAndArguments) throws ModelFileException {
    if (!(functionAndArguments.get(0) instanceof PickleFunction function)
        || !(functionAndArguments.get(1) instanceof Tuple arguments)) {
      throw failure(
          "expected a function of the table and its arguments, got %s and %s"
              .formatted(kind(functionAndArguments.get(0)), kind(functionAndArguments.get(1))));
    }
    push(function.call(arguments.items()));
  }

  private void build(List<Object> objectAndState) throws ModelFileException {
    Object object = objectAndState.get(0);
    if (object instanceof Buildable buildable) {
      buildable.build(objectAndState.get(1));
    } else if (!(object instanceof Map)) { // attributes of an OrderedDict are not needed
      throw failure("expected an object that takes a state, got " + kind(object));
    }
    push(object);
  }

  /** What a value is, for messages; never its content. */
  static String kind(Object value) {
    return value instanceof Optional
        ? "None"
        : value instanceof Map
            ? "a dict"
            : value instanceof List ? "a list" : "a " + value.getClass().getSimpleName();
  }

  private static String shortened(Object text) {
    String whole = text.toString();
    return whole.length() <= 80 ? whole : whole.substring(0, 80) + "...";
  }

  private ModelFileException failure(String problem) {
    return in.failure(operation, problem);
  }
}
