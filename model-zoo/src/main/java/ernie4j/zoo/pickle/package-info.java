/**
 * Python's pickles, as far as files of parameters need them, read without executing anything and
 * written so that Python reads them.
 */
package ernie4j.zoo.pickle;
