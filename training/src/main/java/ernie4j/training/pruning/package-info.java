/**
 * Width pruning after DynaBERT (Hou et al., 2020): the important heads and neurons of a fine-tuned
 * model come first, then its leading parts learn from the whole.
 */
@org.jspecify.annotations.NullMarked
package ernie4j.training.pruning;
