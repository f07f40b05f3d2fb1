package sim

import "testing"

// TestCases are schedules that once failed, shrunk.
func TestCases(t *testing.T) {
	for _, c := range []struct {
		name    string
		devices int
		steps   []step
	}{
		{"a held deletion gave way to an edit elsewhere", 3, []step{
			{add, 1, 664, 774, 51},
			{sync, 1, 0, 11, 395},
			{add, 1, 371, 697, 377},
			{add, 0, 878, 273, 780},
			{add, 0, 52, 90, 963},
			{sync, 0, 0, 27, 824},
			{add, 0, 553, 613, 570},
			{sync, 0, 943, 162, 814},
			{remove, 2, 601, 974, 521},
			{remove, 2, 601, 802, 532},
			{edit, 2, 486, 443, 997},
			{remove, 2, 959, 666, 453},
			{sync, 2, 811, 905, 961},
			{edit, 0, 725, 18, 185},
			{sync, 0, 499, 179, 519},
			{sync, 2, 74, 722, 786},
		}},
		{"restored by undo after its tombstone was forgotten", 3, []step{
			{add, 1, 289, 898, 516},
			{add, 2, 837, 49, 433},
			{sync, 2, 0, 64, 522},
			{sync, 1, 646, 375, 767},
			{sync, 0, 0, 563, 305},
			{remove, 0, 260, 595, 770},
			{sync, 0, 0, 674, 435},
			{label, 1, 455, 957, 633},
			{compact, 2, 550, 185, 604},
			{remove, 2, 340, 602, 899},
			{sync, 2, 186, 230, 866},
			{sync, 1, 0, 457, 866},
			{undo, 2, 803, 200, 328},
		}},
		{"deleted here and edited there, and the server restored between", 3, []step{
			{add, 2, 638, 682, 89},
			{add, 1, 776, 411, 806},
			{serverBackup, 0, 236, 753, 268},
			{sync, 2, 0, 54, 157},
			{sync, 1, 962, 185, 250},
			{sync, 2, 0, 921, 837},
			{label, 1, 931, 88, 608},
			{serverRestore, 2, 806, 512, 326},
			{remove, 2, 829, 86, 291},
			{sync, 1, 0, 851, 307},
			{sync, 2, 0, 692, 558},
			{restore, 2, 135, 886, 808},
		}},
		{"deleted as new after a restored server, and edited there", 3, []step{
			{add, 2, 638, 682, 89},
			{add, 1, 776, 411, 806},
			{serverBackup, 0, 236, 753, 268},
			{sync, 2, 0, 54, 157},
			{sync, 1, 962, 185, 250},
			{sync, 2, 0, 921, 837},
			{label, 1, 931, 88, 608},
			{serverRestore, 2, 806, 512, 326},
			{sync, 2, 374, 470, 553},
			{remove, 2, 829, 86, 291},
			{sync, 2, 0, 692, 558},
			{restore, 2, 135, 886, 808},
		}},
		{"a late push after a restored server", 3, []step{
			{add, 2, 481, 62, 472},
			{add, 1, 90, 934, 632},
			{sync, 2, 0, 173, 674},
			{sync, 1, int(twice), 910, 593},
			{remove, 1, 406, 147, 326},
			{sync, 2, 0, 661, 633},
			{sync, 1, int(slow), 788, 114},
			{serverBackup, 2, 718, 653, 113},
			{edit, 2, 479, 329, 338},
			{edit, 1, 187, 311, 247},
			{restore, 1, 954, 362, 139},
			{add, 0, 192, 759, 17},
			{undo, 0, 776, 180, 257},
			{sync, 0, 0, 507, 933},
			{sync, 2, 0, 489, 467},
			{restore, 0, 571, 721, 290},
			{sync, 1, int(noReply), 809, 618},
			{serverRestore, 1, 147, 203, 352},
			{sync, 0, int(late), 866, 952},
		}},
		{"a deletion that waited for the user, and then another strategy", 3, []step{
			{strategy, 1, 875, 287, 377},
			{add, 0, 333, 785, 957},
			{add, 0, 644, 109, 359},
			{sync, 0, 0, 454, 186},
			{sync, 1, 0, 235, 715},
			{remove, 0, 122, 805, 128},
			{sync, 0, int(slow), 932, 339},
			{edit, 0, 731, 451, 278},
			{sync, 2, 0, 956, 662},
			{remove, 1, 733, 309, 271},
			{sync, 0, 0, 295, 538},
			{sync, 1, int(slow), 157, 568},
			{edit, 2, 62, 659, 243},
			{strategy, 1, 519, 336, 198},
			{sync, 2, int(lost), 10, 597},
			{sync, 1, 0, 872, 286},
		}},
		{"deleted in a restored history, and still held with an edit that is gone there", 3, []step{
			{add, 2, 418, 211, 173},
			{sync, 2, 0, 985, 396},
			{serverBackup, 1, 55, 275, 353},
			{sync, 0, int(cancel), 400, 110},
			{edit, 0, 330, 30, 591},
			{revoke, 0, 994, 418, 854},
			{remove, 2, 8, 919, 746},
			{sync, 0, int(noReply), 607, 419},
			{serverRestore, 1, 344, 398, 247},
			{sync, 2, int(elsewhere), 53, 770},
			{restore, 2, 202, 673, 296},
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, b := range map[string]func(*world) backend{"memory": newMemory, "real server": newReal} {
				if problem := run(t, c.steps, c.devices, b); problem != "" {
					t.Errorf("%s: %s", name, problem)
				}
			}
		})
	}
}
